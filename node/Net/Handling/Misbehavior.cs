using Dash.Common.Logging;
using Dash.Node.Consensus;
using Dash.Node.Net.Peers;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Handling;

/// <summary>Keeps account of what peers do wrong, and parts from those that do too much. Message loop only.</summary>
internal sealed class Misbehavior(PeerSet peers, IPeerRules rules, ILoggerFactory logs)
{
    private const int Threshold = 100;
    private const string Warning = "Warning";

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <summary>Blames a peer; at 100 it is disconnected and its address remembered.</summary>
    public void Report(Peer peer, int score, string message = "")
    {
        var before = peer.MisbehaviorScore;
        peer.MisbehaviorScore += score;
        var warning = "";
        if (peer.MisbehaviorScore >= Threshold && before < Threshold)
        {
            warning = " DISCOURAGE THRESHOLD EXCEEDED";
            peer.IsToBeDiscouraged = true;
        }

        Log.Misbehaving(_log, peer.Id, before, peer.MisbehaviorScore, warning, message.Length == 0 ? "" : ": " + message);
    }

    /// <summary>Blames a peer for a block or header it sent.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="state">The verdict.</param>
    /// <param name="isCompact">Whether it came as a compact block, which may be relayed before it is checked.</param>
    /// <param name="message">What to log.</param>
    public void ReportBlock(Peer peer, ValidationState state, bool isCompact, string message = "")
    {
        switch (state.Kind)
        {
            // Not for payments: they hang on superblocks, of which we may not have heard.
            case InvalidKind.Consensus or InvalidKind.Mutated or InvalidKind.BadSpecial when !isCompact:
            case InvalidKind.CachedInvalid when !isCompact && !peer.IsInbound:
            case InvalidKind.InvalidHeader or InvalidKind.Checkpoint or InvalidKind.InvalidPrevious:
                Report(peer, 100, message);
                break;
            case InvalidKind.MissingPrevious or InvalidKind.ChainLock:
                Report(peer, 10, message);
                break;
            default:
                if (message.Length > 0)
                {
                    Log.PeerNote(_log, peer.Id, message);
                }

                break;
        }
    }

    /// <summary>Blames a peer for a transaction that can never be valid.</summary>
    public void ReportTransaction(Peer peer, ValidationState state)
    {
        if (state.Kind == InvalidKind.Consensus)
        {
            Report(peer, 100);
        }
    }

    /// <summary>Parts from a peer that did too much.</summary>
    /// <returns>Whether it is disconnected.</returns>
    public bool Punish(Peer peer)
    {
        if (!peer.IsToBeDiscouraged)
        {
            return false;
        }

        peer.IsToBeDiscouraged = false;
        if (peer.May(PeerPermissions.NoBan))
        {
            Log.NotPunished(_general, Warning, "noban", peer.Id);
            return false;
        }

        if (peer.Type == ConnectionType.Manual)
        {
            Log.NotPunished(_general, Warning, "manually connected", peer.Id);
            return false;
        }

        if (peer.Address.Address.IsLocal)
        {
            Log.NotDiscouraged(_log, Warning, peer.IsInboundOnion ? "inbound onion" : "local", peer.Id);
            peer.Disconnect();
            return true;
        }

        Log.Discouraged(_log, peer.Id);
        rules.Discourage(peer.Address.Address);
        foreach (var other in peers.All.Where(other => other.Address.Address == peer.Address.Address))
        {
            other.Disconnect();
        }

        return true;
    }
}
