using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Dash.Ipc.Transports;

/// <summary>A connection over TCP: TLS 1.3, each end having shown the certificate that the other expects.</summary>
public sealed class TlsTransport : Transport
{
    private const int ReadChunk = 64 * 1024;

    private readonly SslStream _stream;
    private int _closed;

    private TlsTransport(SslStream stream, string peer, string fingerprint)
    {
        _stream = stream;
        Peer = peer;
        Fingerprint = fingerprint;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadChunk, minimumReadSize: 4096, leaveOpen: true));
        Output = new WipingPipeWriter(stream);
    }

    /// <inheritdoc/>
    public override PipeReader Input { get; }

    /// <inheritdoc/>
    public override PipeWriter Output { get; }

    /// <inheritdoc/>
    public override string Peer { get; }

    /// <summary>The fingerprint of the certificate that the other end showed.</summary>
    public string Fingerprint { get; }

    /// <summary>Connects.</summary>
    /// <param name="address">Where.</param>
    /// <param name="identity">Whom we are and whom we trust.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">We trust nobody; or they went, or speak something else.</exception>
    /// <exception cref="UnauthorizedAccessException">Somebody listens there whom we don't trust.</exception>
    public static async Task<TlsTransport> ConnectAsync(TcpAddress address, TlsIdentity identity, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(identity);
        identity.RequireTrust(address);

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, ct).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await OverAsync(
            socket, address.ToString(), (stream, seen) => stream.AuthenticateAsClientAsync(identity.ForClient(address.Host, seen), ct))
            .ConfigureAwait(false);
    }

    /// <summary>Speaks with whoever connected.</summary>
    internal static Task<TlsTransport> WelcomeAsync(Socket socket, TlsIdentity identity, CancellationToken ct)
    {
        socket.NoDelay = true;
        return OverAsync(
            socket, $"tcp:{socket.RemoteEndPoint}", (stream, seen) => stream.AuthenticateAsServerAsync(identity.ForServer(seen), ct));
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteOutputAsync()
    {
        try
        {
            await _stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side went first: there is nobody left to tell.
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<TlsTransport> OverAsync(Socket socket, string peer, Func<SslStream, Action<string?>, Task> authenticate)
    {
        string? fingerprint = null;
        SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await authenticate(stream, seen => fingerprint = seen).ConfigureAwait(false);
            return new TlsTransport(stream, peer, fingerprint ?? throw new AuthenticationException("no certificate was shown"));
        }
        catch (AuthenticationException refused)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new UnauthorizedAccessException(
                fingerprint is null
                    ? $"IPC peer {peer} showed no certificate: {refused.Message}"
                    : $"IPC peer {peer} is not trusted; its certificate's fingerprint is {fingerprint}",
                refused);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
