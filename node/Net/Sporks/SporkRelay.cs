using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Relay;
using Dash.Node.Net.Wire;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Sporks;

/// <summary>Takes signed switches of peers, passes them on, and tells them to those who ask.</summary>
internal sealed class SporkRelay(
    SporkTable sporks, ChainParams network, ObjectRequests requests, RelayHub hub, Misbehavior misbehavior, Clock clock, ILoggerFactory logs)
    : MessageFamily, IObjectSource
{
    private const long MaxAhead = 2 * 60 * 60;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Spork);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.Spork, MessageTypes.GetSporks];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (message.Type == MessageTypes.GetSporks)
        {
            foreach (var spork in sporks.All)
            {
                peer.Send(MessageTypes.Spork, spork.ToBytes());
            }
        }
        else
        {
            var reader = message.Reader();
            Take(peer, SporkMessage.Read(ref reader));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool TrySend(Peer peer, InventoryItem item)
    {
        if (item.Kind != InventoryKind.Spork || sporks.Find(item.Hash) is not { } spork)
        {
            return false;
        }

        peer.Send(MessageTypes.Spork, spork.ToBytes());
        return true;
    }

    /// <inheritdoc/>
    public bool? IsThere(InventoryItem item) => item.Kind == InventoryKind.Spork ? sporks.Find(item.Hash) is not null : null;

    private void Take(Peer peer, SporkMessage spork)
    {
        var hash = spork.Hash;
        requests.Received(peer, new InventoryItem(InventoryKind.Spork, hash));
        if (spork.Time > clock.UnixSeconds + MaxAhead)
        {
            Log.FromTheFuture(_log);
            misbehavior.Report(peer, 100);
            return;
        }

        if (spork.Signer(network) is not { } signer || !sporks.IsSigner(signer))
        {
            Log.InvalidSignature(_log);
            misbehavior.Report(peer, 100);
            return;
        }

        var outcome = sporks.Add(spork, signer);
        Log.Spork(outcome == "seen" ? _log : _general, hash, spork.Id, spork.Value, peer.Id, outcome);
        if (outcome != "seen")
        {
            hub.Announce(InventoryKind.Spork, hash);
        }
    }
}
