using Dash.Common.Logging;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>What peers say they want to hear of: bloom filters (BIP37), and the whole mempool.</summary>
internal sealed class FilterRequests(Misbehavior misbehavior, NetTotals totals, ILoggerFactory logs) : MessageFamily
{
    private const int MaxElement = 520;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _connections = logs.CreateLogger(LogCategory.NetConn);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } =
        [MessageTypes.FilterLoad, MessageTypes.FilterAdd, MessageTypes.FilterClear, MessageTypes.Mempool];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (message.Type == MessageTypes.Mempool)
        {
            TakeMempoolRequest(peer);
        }
        else if (!peer.OurServices.HasFlag(ServiceFlags.Bloom))
        {
            Log.NoBloomFilters(_connections, message.Type, peer.Id);
            peer.Disconnect();
        }
        else
        {
            TakeFilter(peer, message);
        }

        return ValueTask.CompletedTask;
    }

    private void TakeFilter(Peer peer, ReceivedMessage message)
    {
        var state = peer.Relay;
        var reader = message.Reader();
        switch (message.Type)
        {
            case MessageTypes.FilterLoad:
                var filter = BloomFilter.Read(ref reader);
                if (!filter.IsWithinLimits)
                {
                    misbehavior.Report(peer, 100, "too-large bloom filter");
                }
                else if (state.MayRelayTransactions)
                {
                    state.Filter = filter;
                    peer.HasBloomFilter = true;
                    peer.RelaysTransactions = true;
                }

                break;
            case MessageTypes.FilterAdd:
                var element = reader.ReadVarBytes();
                if (element.Length > MaxElement || (state.MayRelayTransactions && state.Filter is null))
                {
                    misbehavior.Report(peer, 100, "bad filteradd message");
                }
                else
                {
                    state.Filter?.Add(element);
                }

                break;
            default:
                if (state.MayRelayTransactions)
                {
                    state.Filter = null;
                    peer.HasBloomFilter = false;
                    peer.RelaysTransactions = true;
                }

                break;
        }
    }

    private void TakeMempoolRequest(Peer peer)
    {
        var isAllowed = peer.May(PeerPermissions.Mempool);
        var reason = !peer.OurServices.HasFlag(ServiceFlags.Bloom) && !isAllowed ? "bloom filters disabled"
            : totals.Target.IsReached(forHistoricalBlock: false) && !isAllowed ? "bandwidth limit reached"
            : null;
        if (reason is null)
        {
            peer.Relay.WantsMempool = peer.Relay.MayRelayTransactions;
        }
        else if (!peer.May(PeerPermissions.NoBan))
        {
            Log.MempoolRefused(_log, reason, peer.Id);
            peer.Disconnect();
        }
    }
}
