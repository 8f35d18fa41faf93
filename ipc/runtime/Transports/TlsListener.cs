using System.Net;
using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>Listens on a TCP port for peers that show a certificate we trust.</summary>
public sealed class TlsListener : IpcListener
{
    private const int Backlog = 64;

    private readonly Socket _socket;
    private readonly TlsIdentity _identity;

    private TlsListener(Socket socket, TlsIdentity identity, TcpAddress address)
    {
        _socket = socket;
        _identity = identity;
        Address = address;
    }

    /// <inheritdoc/>
    public override IpcAddress Address { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="address">Where; port 0 takes a free one.</param>
    /// <param name="identity">Whom we are and whom we trust; outlives the listener.</param>
    /// <exception cref="IOException">We trust nobody, or the address cannot be used.</exception>
    public static TlsListener Bind(TcpAddress address, TlsIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(identity);
        identity.RequireTrust(address);

        Socket? socket = null;
        try
        {
            var host = IPAddress.TryParse(address.Host, out var given) ? given : Dns.GetHostAddresses(address.Host)[0];
            socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(host, address.Port));
            socket.Listen(Backlog);

            // A bound socket has an address.
            return new TlsListener(socket, identity, address with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port });
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            throw new IOException($"Cannot listen on {address}: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _socket.Dispose();

    internal override async Task<Socket> AcceptSocketAsync(CancellationToken ct) => await _socket.AcceptAsync(ct).ConfigureAwait(false);

    internal override async Task<Transport> WelcomeAsync(Socket socket, CancellationToken ct) =>
        await TlsTransport.WelcomeAsync(socket, _identity, ct).ConfigureAwait(false);
}
