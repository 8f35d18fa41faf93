using System.IO.Pipelines;

namespace Dash.Ipc.Transports;

/// <summary>
/// Two ends of a stream inside one process: for tests, and for a service hosted in its client's process.
/// </summary>
public sealed class MemoryTransport : Transport
{
    private readonly Pipe _incoming;
    private readonly Pipe _outgoing;

    private MemoryTransport(Pipe incoming, Pipe outgoing, string peer)
    {
        _incoming = incoming;
        _outgoing = outgoing;
        Peer = peer;
    }

    /// <inheritdoc/>
    public override PipeReader Input => _incoming.Reader;

    /// <inheritdoc/>
    public override PipeWriter Output => _outgoing.Writer;

    /// <inheritdoc/>
    public override string Peer { get; }

    /// <summary>Both ends of a new stream.</summary>
    public static (MemoryTransport First, MemoryTransport Second) CreatePair()
    {
        // Continuations run on the pool: a writer never runs its reader's code.
        var options = new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19);
        var (one, two) = (new Pipe(options), new Pipe(options));
        return (new MemoryTransport(one, two, "memory"), new MemoryTransport(two, one, "memory"));
    }

    /// <inheritdoc/>
    public override ValueTask CompleteOutputAsync() => Output.CompleteAsync();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Output.CancelPendingFlush();
        Input.CancelPendingRead();
        await Output.CompleteAsync().ConfigureAwait(false);
        await _incoming.Writer.CompleteAsync().ConfigureAwait(false);
    }
}
