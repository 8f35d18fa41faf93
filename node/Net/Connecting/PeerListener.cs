using System.Net;
using System.Net.Sockets;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>Waits at one address for peers that connect.</summary>
internal sealed class PeerListener : IDisposable
{
    // A peer who could not be accepted for want of descriptors or memory still waits: asked again at once, it would keep a core busy.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ILogger _log;

    private PeerListener(ListenAddress address, Socket socket, ILogger log)
    {
        Address = address;
        _socket = socket;
        _log = log;
    }

    /// <summary>Where it waits.</summary>
    public ListenAddress Address { get; }

    /// <summary>Opens the address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="logs">Where it is told.</param>
    /// <param name="failure">Why there is none.</param>
    public static PeerListener? TryBind(ListenAddress address, ILoggerFactory logs, out string failure)
    {
        var log = logs.CreateLogger(LogCategory.None);
        failure = $"Error: Bind address family for {address.Endpoint} not supported";
        if (address.Endpoint.ToIPEndPoint() is not { } endpoint)
        {
            return null;
        }

        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(endpoint);
            socket.Listen(int.MaxValue);
            Log.Bound(log, address.Endpoint);
            return new PeerListener(address, socket, log);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            failure = e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"Unable to bind to {address.Endpoint} on this computer. {Product.Name} is probably already running."
                : $"Unable to bind to {address.Endpoint} on this computer (bind returned error {e.Message} ({e.ErrorCode}))";
            Log.BindFailed(log, failure);
            return null;
        }
    }

    /// <summary>Hands over those who connect, until cancelled.</summary>
    /// <param name="admission">Takes them.</param>
    /// <param name="clock">For pauses.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RunAsync(PeerAdmission admission, TimeProvider clock, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            Socket accepted;
            try
            {
                accepted = await _socket.AcceptAsync(ct).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                Log.AcceptFailed(_log, e.Message);
                await Task.Delay(RetryAfter, clock, ct).ConfigureAwait(false);
                continue;
            }

            if (FileDescriptors.AreScarceFor(accepted))
            {
                accepted.Dispose();
                Log.AcceptFailed(_log, "too few file descriptors are left");
                await Task.Delay(RetryAfter, clock, ct).ConfigureAwait(false);
                continue;
            }

            if (accepted.RemoteEndPoint is not IPEndPoint remote || accepted.LocalEndPoint is not IPEndPoint local)
            {
                accepted.Dispose();
                continue;
            }

            accepted.NoDelay = true;
            await admission.AcceptAsync(
                new NetworkStream(accepted, ownsSocket: true),
                NetEndpoint.From(remote),
                NetEndpoint.From(local),
                Address.Permissions,
                Address.IsOnion).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
