using System.IO.Pipelines;

namespace Dash.Ipc.Transports;

/// <summary>
/// One end of a reliable, ordered byte stream to one other process.
/// </summary>
/// <remarks>
/// The contract, for whoever implements or uses one:
/// <list type="bullet">
/// <item>There is exactly one reader of <see cref="Input"/> and one writer of <see cref="Output"/>; they may be
/// different tasks. Bytes handed out by the reader belong to it until it advances past them.</item>
/// <item>There is one end. When the other side closes its writing half, <see cref="Input"/> completes; a broken stream
/// surfaces as an <see cref="IOException"/> from either pipe. Nothing is ever reconnected.</item>
/// <item>There is one reason. The transport reports what happened and decides nothing: whoever owns it keeps the first
/// reason it learns and disposes the transport.</item>
/// </list>
/// </remarks>
public abstract class Transport : IAsyncDisposable
{
    /// <summary>What arrives from the other side.</summary>
    public abstract PipeReader Input { get; }

    /// <summary>What goes to the other side. Bytes are only sure to leave after a flush.</summary>
    public abstract PipeWriter Output { get; }

    /// <summary>
    /// What arrives, for a thread that has nothing else to do: reading waits in the kernel and always completes at once. Used instead
    /// of <see cref="Input"/>, not beside it. Null if there is no such way.
    /// </summary>
    internal virtual PipeReader? TakeBlockingInput() => null;

    /// <summary>Who is at the other end, for logs: never a secret, one line.</summary>
    public abstract string Peer { get; }

    /// <summary>
    /// Says that nothing more will be written, so that the other side reads to the end. Reading goes on.
    /// Everything must have been flushed. Never throws for a stream that is already gone.
    /// </summary>
    public abstract ValueTask CompleteOutputAsync();

    /// <summary>Closes both directions at once; pending reads and writes end, cancelled or failed.</summary>
    public abstract ValueTask DisposeAsync();
}
