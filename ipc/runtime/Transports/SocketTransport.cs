using System.IO.Pipelines;
using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>A transport over a connected stream socket, which it owns.</summary>
public class SocketTransport : Transport
{
    private const int ReadChunk = 64 * 1024;

    // About what a socket holds: all that has arrived is taken at once.
    private const int LargeReadChunk = 256 * 1024;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private int _closed;

    /// <summary>Takes over <paramref name="socket"/>, which must be connected.</summary>
    /// <param name="socket">Closed with the transport.</param>
    /// <param name="peer">Who is at the other end, for logs.</param>
    public SocketTransport(Socket socket, string peer)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: ReadChunk, minimumReadSize: 4096, leaveOpen: true));
        Output = new WipingPipeWriter(OperatingSystem.IsLinux() ? new DirectSocketStream(socket) : _stream);
        Peer = peer;
    }

    /// <inheritdoc/>
    public override PipeReader Input { get; }

    /// <inheritdoc/>
    public override PipeWriter Output { get; }

    /// <inheritdoc/>
    public override string Peer { get; }

    internal override PipeReader? TakeBlockingInput()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        LibC.MakeBlocking(_socket.SafeHandle);
        return PipeReader.Create(
            new DirectSocketStream(_socket),
            new StreamPipeReaderOptions(new KeptBuffers(LargeReadChunk), bufferSize: LargeReadChunk, minimumReadSize: ReadChunk, leaveOpen: true));
    }

    /// <inheritdoc/>
    public override ValueTask CompleteOutputAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The other side went first: there is nobody left to tell.
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Both); // wakes who waits in the kernel
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The other side went first.
        }

        await _stream.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
