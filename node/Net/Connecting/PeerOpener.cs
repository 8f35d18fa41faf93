using Dash.Common.Logging;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>Connects to other nodes. Any thread.</summary>
internal sealed class PeerOpener(
    PeerSet peers, PeerAdmission admission, IPeerDialer dialer, IPeerRules rules, NetSettings settings, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <summary>Connects once, unless there is a reason not to.</summary>
    /// <returns>The peer, its handshake still to come; or null.</returns>
    public async ValueTask<Peer?> OpenAsync(DialTarget target, ConnectionType type, bool useV2, CancellationToken ct)
    {
        if (!admission.IsActive || IsUnwanted(target))
        {
            return null;
        }

        useV2 &= settings.Services.HasFlag(ServiceFlags.P2pV2);
        var name = settings.LogsAddresses ? target + " " : "";
        Log.Trying(_log, useV2 ? "v2" : "v1", name, 0);
        var dialed = await dialer.DialAsync(target, type == ConnectionType.Manual, ct).ConfigureAwait(false);
        if (dialed is null)
        {
            return null;
        }

        if (!admission.IsActive)
        {
            await dialed.Stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }

        return admission.Add(dialed, type, target.Name, useV2);
    }

    private bool IsUnwanted(DialTarget target)
    {
        if (target.Name is not null)
        {
            return peers.Find(target.Name) is not null;
        }

        if (rules.IsBanned(target.Endpoint.Address) || rules.IsDiscouraged(target.Endpoint.Address))
        {
            return true;
        }

        if (peers.Find(target.Endpoint) is null)
        {
            return false;
        }

        Log.AlreadyConnected(_general);
        return true;
    }
}
