using System.Security.Cryptography;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Mempool;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Extensions;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Outgoing;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Relay;
using Dash.Node.Net.Sporks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>The subjects of the protocol, in the order in which they get to speak, and what they share.</summary>
internal sealed class ProtocolFamilies
{
    // Core: what nobody asked for is announced again after ten to fifteen minutes.
    private static readonly TimeSpan RebroadcastInterval = TimeSpan.FromMinutes(10);
    private const int RebroadcastRandomSeconds = 5 * 60;

    private readonly MempoolGate _mempool;
    private readonly Scheduler _scheduler;

    /// <summary>Builds them.</summary>
    public ProtocolFamilies(
        Options options,
        NetSettings settings,
        PeerSet peers,
        NetTotals totals,
        Handshake handshake,
        IReadOnlyList<MessageFamily> others,
        Chainstate chainstate,
        Validation validation,
        MempoolGate mempool,
        Misbehavior misbehavior,
        SporkTable sporks,
        MasternodeSync masternodeSync,
        FulfilledRequests fulfilled,
        ConnectionCounts counts,
        IBlockFilters? filters,
        Scheduler scheduler,
        Action wake,
        Clock clock,
        ILoggerFactory logs)
    {
        _mempool = mempool;
        _scheduler = scheduler;
        Hub = new RelayHub(peers);
        BlockSync sync = new(chainstate, clock, logs);
        Fetch = new BlockFetch(sync, peers);
        HeadersSync headers = new(sync, validation, misbehavior, settings, logs);
        EarlyAnnouncer early = new(sync, peers, wake, logs);
        BlockIntake intake = new(sync, validation, misbehavior, new CompactSources(peers, settings), early);
        ExtraTransactions extra = new(options[NetOptions.ReconstructionTransactions]);
        OrphanPool orphans = new(Math.Max(0, options[NetOptions.MaxOrphanSize]) * 1_000_000L, logs);
        KnownTransactions known = new(chainstate, mempool, orphans);
        ObjectRequests requests = new(clock, logs);
        RelayCache cache = new(clock);
        SporkRelay sporkRelay = new(sporks, chainstate.Network, requests, Hub, misbehavior, clock, logs);
        IReadOnlyList<IObjectSource> sources = [sporkRelay];
        TipWatch = new TipWatch(sync, peers, counts, scheduler, wake, logs);
        All =
        [
            handshake,
            new Pings(settings, clock, logs),
            .. others,
            headers,
            new HeadersServer(sync, logs),
            early,
            new BlockAnnouncer(sync, peers, logs),
            new FilterRequests(misbehavior, totals, logs),
            new TransactionIntake(chainstate, validation, mempool, orphans, known, requests, Hub, extra, misbehavior, clock, logs),
            new DataServer(sync, mempool, cache, totals, sources, misbehavior, clock, logs),
            new TransactionAnnouncer(Hub, mempool, cache, new Random(), clock, logs),
            new CompactBlocks(sync, headers, intake, validation, mempool, extra, misbehavior, logs),
            new BlockDownload(sync, intake, headers, settings, logs),
            sporkRelay,
            masternodeSync,
            new ExtensionMessages(sync, validation, sporks, masternodeSync, fulfilled, misbehavior, !options[ChainOptions.DisableGovernance], logs),
            TipWatch,
            new FilterServer(sync, filters, logs),
            new InventoryIntake(
                sync, requests, item => IsThere(item, known, sources),
                () => !sync.IsImporting && sporks.IsActive(SporkDefinition.InstantSend), misbehavior, settings, logs),
        ];
        handshake.Introduced += (peer, version) =>
        {
            headers.Introduced(peer);
            TransactionAnnouncer.Introduced(peer, version);
        };
        mempool.Announce = txid =>
        {
            Hub.Enqueue(txid);
            wake();
        };
        ScheduleRebroadcast();
    }

    /// <summary>Takes notes of what is to be announced to all peers.</summary>
    public RelayHub Hub { get; }

    /// <summary>Asks for a block by hand.</summary>
    public BlockFetch Fetch { get; }

    /// <summary>Looks whether the tip moves.</summary>
    public TipWatch TipWatch { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<MessageFamily> All { get; }

    private static bool IsThere(Wire.InventoryItem item, KnownTransactions known, IReadOnlyList<IObjectSource> sources)
    {
        if (item.IsTransaction)
        {
            return known.IsThere(item);
        }

        foreach (var source in sources)
        {
            if (source.IsThere(item) is { } isThere)
            {
                return isThere;
            }
        }

        return true; // nothing this node knows what to do with
    }

    private void ScheduleRebroadcast()
    {
        var delay = RebroadcastInterval + TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(RebroadcastRandomSeconds));
        _scheduler.Once("rebroadcast", delay, _ =>
        {
            foreach (var txid in _mempool.Unbroadcast)
            {
                Hub.Enqueue(txid);
            }

            ScheduleRebroadcast();
            return Task.CompletedTask;
        });
    }
}
