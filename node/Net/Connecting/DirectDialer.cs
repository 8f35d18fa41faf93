using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>Connects by TCP, asking the system's name service for names.</summary>
/// <param name="peers">Nobody is called twice.</param>
/// <param name="defaultPort">The port of a host without one.</param>
/// <param name="timeout">For which a connection is waited.</param>
/// <param name="asksNames">Whether names are looked up at all.</param>
/// <param name="logs">Where failures are told.</param>
internal sealed class DirectDialer(PeerSet peers, ushort defaultPort, TimeSpan timeout, bool asksNames, ILoggerFactory logs) : IPeerDialer
{
    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <inheritdoc/>
    public async ValueTask<DialedConnection?> DialAsync(DialTarget target, bool isManual, CancellationToken ct)
    {
        if (target.Name is null)
        {
            return await ConnectAsync(target.Endpoint, isManual, ct).ConfigureAwait(false);
        }

        var found = await ResolveAsync(target.Name, ct).ConfigureAwait(false);
        foreach (var endpoint in found)
        {
            if (!endpoint.Address.IsValid)
            {
                Log.InvalidResolution(_log, endpoint, target.Name);
                return null;
            }

            if (peers.Find(endpoint) is not null)
            {
                Log.AlreadyConnectedTo(_general, target.Name, endpoint);
                return null;
            }
        }

        return found.Count == 0 ? null : await ConnectAsync(found[RandomNumberGenerator.GetInt32(found.Count)], isManual, ct).ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<NetEndpoint>> ResolveAsync(string name, CancellationToken ct)
    {
        if (NetEndpoint.TryParse(name, defaultPort, out var endpoint))
        {
            return [endpoint];
        }

        var (host, port) = HostPort.Split(name, defaultPort);
        if (!asksNames || host.Length == 0 || host.Contains('\0', StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, ct).WaitAsync(timeout, ct).ConfigureAwait(false);
            return [.. addresses.Select(address => new NetEndpoint(NetAddress.From(address), port))];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            return [];
        }
    }

    private async ValueTask<DialedConnection?> ConnectAsync(NetEndpoint endpoint, bool isManual, CancellationToken ct)
    {
        if (endpoint.ToIPEndPoint() is not { } remote)
        {
            return null;
        }

        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(timeout);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(remote, deadline.Token).ConfigureAwait(false);
            var local = socket.LocalEndPoint is IPEndPoint end ? NetEndpoint.From(end) : (NetEndpoint?)null;
            return new DialedConnection(new NetworkStream(socket, ownsSocket: true), endpoint, local);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            socket.Dispose();
            Tell(endpoint, isManual, e is SocketException failure ? failure.Message : "timeout");
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Tell(NetEndpoint endpoint, bool isManual, string reason)
    {
        var address = endpoint.ToString();
        if (isManual)
        {
            Log.ManualConnectFailed(_general, address, reason);
        }
        else
        {
            Log.ConnectFailed(_log, address, reason);
        }
    }
}
