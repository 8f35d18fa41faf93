using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>Parts from peers that say nothing, twice a second. The times follow the mock time.</summary>
internal sealed class InactivityCheck(PeerSet peers, NetSettings settings, Clock clock, ILoggerFactory logs)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <summary>Checks until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_general, "net");
        while (!ct.IsCancellationRequested)
        {
            foreach (var peer in peers.All)
            {
                if (!peer.IsDisconnected && IsSilent(peer))
                {
                    peer.Disconnect();
                }
            }

            await Task.Delay(Interval, clock, ct).ConfigureAwait(false);
        }
    }

    private bool IsSilent(Peer peer)
    {
        var now = clock.UnixSeconds;
        if (!settings.ChecksInactivity(peer, now))
        {
            return false;
        }

        var (sent, received) = (peer.Connection.LastSend, peer.Connection.LastReceive);
        if (sent == 0 || received == 0)
        {
            Log.NoFirstMessage(_log, settings.PeerTimeout, received != 0 ? 1 : 0, sent != 0 ? 1 : 0, peer.Id);
            return true;
        }

        if (now > sent + NetLimits.TimeoutSeconds)
        {
            Log.SendTimeout(_log, now - sent, peer.Id);
            return true;
        }

        if (now > received + NetLimits.TimeoutSeconds)
        {
            Log.ReceiveTimeout(_log, now - received, peer.Id);
            return true;
        }

        if (!peer.IsHandshakeDone)
        {
            if (peer.Connection.Transport.Protocol == TransportProtocol.Detecting)
            {
                Log.TransportTimeout(_log, peer.Id);
            }
            else
            {
                Log.HandshakeTimeout(_log, peer.Id);
            }

            return true;
        }

        return false;
    }
}
