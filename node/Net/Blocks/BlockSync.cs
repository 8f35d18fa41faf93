using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Peers;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// What the families that exchange headers and blocks know together: which peer has what, how many are synced from, and
/// what is asked for. Message loop only.
/// </summary>
internal sealed class BlockSync(Chainstate chainstate, Clock clock, ILoggerFactory logs)
{
    private const long HeadersResponseMs = 2 * 60 * 1000;
    private const int StaleRelayAge = 30 * 24 * 60 * 60;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);

    /// <summary>The chain.</summary>
    public Chainstate Chainstate => chainstate;

    /// <summary>All known headers.</summary>
    public BlockIndex Index => chainstate.Index;

    /// <summary>The active chain now.</summary>
    public ChainView View => chainstate.View;

    /// <summary>The tip now.</summary>
    public BlockNode Tip => chainstate.View.Tip;

    /// <summary>The header with most work.</summary>
    public BlockNode BestHeader => chainstate.Index.BestHeader ?? Tip;

    /// <summary>Milliseconds since 1970; follows the mock time.</summary>
    public long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Seconds since 1970; follows the mock time.</summary>
    public long Now => clock.UnixSeconds;

    /// <summary>Peers whose headers were asked for.</summary>
    public int StartedCount { get; set; }

    /// <summary>Peers from which blocks are rather downloaded.</summary>
    public int PreferredCount { get; set; }

    /// <summary>What is asked for.</summary>
    public BlocksInFlight InFlight { get; } = new();

    /// <summary>Whether blocks are being read from files: peers' are not taken then.</summary>
    public bool IsImporting => chainstate.IsImporting || chainstate.IsReindexing;

    /// <summary>Whether a new block is fetched at once: the chain is about as long as it should be.</summary>
    public bool CanFetchDirectly => Tip.Header.Time > Now - (chainstate.Network.TargetSpacing * 20L);

    /// <summary>Learns the block a peer announced, if it became known.</summary>
    public void ResolveAvailability(Peer peer)
    {
        var state = peer.Sync;
        if (!state.LastUnknown.IsNull && Index.Find(state.LastUnknown) is { } node)
        {
            Improve(peer, node);
            state.LastUnknown = default;
        }
    }

    /// <summary>Notes that a peer has a block.</summary>
    public void NoteAvailability(Peer peer, BlockHash hash)
    {
        ResolveAvailability(peer);
        if (Index.Find(hash) is { } node)
        {
            Improve(peer, node);
        }
        else
        {
            peer.Sync.LastUnknown = hash;
        }
    }

    /// <summary>Asks a peer for the headers after a block, unless it was asked lately and has not answered.</summary>
    public bool RequestHeaders(Peer peer, BlockNode after)
    {
        var now = NowMs;
        if (now - peer.Sync.LastGetHeaders <= HeadersResponseMs)
        {
            return false;
        }

        ByteWriter writer = new();
        ChainView.LocatorOf(after).Write(writer, peer.CommonVersion);
        writer.WriteUint256(Uint256.Zero);
        peer.Send(peer.GetHeadersType, writer.ToArray());
        peer.Sync.LastGetHeaders = now;
        return true;
    }

    /// <summary>
    /// Whether a block may be told to a peer: those of the active chain, and others only if they were valid and not long
    /// ago, so that nobody is recognised by what it has.
    /// </summary>
    public bool MayServe(BlockNode node)
    {
        if (View.Contains(node))
        {
            return true;
        }

        var best = BestHeader;
        return node.IsValid(BlockStatus.ValidScripts)
            && best.Header.Time - (long)node.Header.Time < StaleRelayAge
            && EquivalentTime(best, node) < StaleRelayAge;
    }

    /// <summary>Asks a peer for a block; takes the request from any other.</summary>
    public BlockRequest Request(Peer peer, BlockNode node)
    {
        InFlight.Remove(node.Hash, NowMs);
        var request = InFlight.Add(peer, node, NowMs);
        PublishInFlight(peer);
        return request;
    }

    /// <summary>A block is no longer asked for.</summary>
    public void Forget(BlockHash hash)
    {
        if (InFlight.Remove(hash, NowMs) is { } peer)
        {
            PublishInFlight(peer);
        }
    }

    /// <summary>Nothing is asked for of a peer that is gone.</summary>
    public void ForgetAll(Peer peer)
    {
        foreach (var request in peer.Sync.InFlight.ToArray())
        {
            InFlight.Remove(request.Block.Hash, NowMs);
        }
    }

    /// <summary>Notes where peer and node agree, for whoever looks at the peer.</summary>
    public static void PublishHeights(Peer peer)
    {
        peer.SyncedHeaders = peer.Sync.BestKnown?.Height ?? -1;
        peer.SyncedBlocks = peer.Sync.LastCommon?.Height ?? -1;
    }

    /// <summary>Tells what was asked for.</summary>
    public void LogRequest(BlockNode node, Peer peer) => Log.RequestingBlock(_log, node.Hash, node.Height, peer.Id);

    private static void PublishInFlight(Peer peer) => peer.HeightsInFlight = [.. peer.Sync.InFlight.Select(static request => request.Block.Height)];

    private static void Improve(Peer peer, BlockNode node)
    {
        var state = peer.Sync;
        if (state.BestKnown is null || node.ChainWork >= state.BestKnown.ChainWork)
        {
            state.BestKnown = node;
        }

        PublishHeights(peer);
    }

    // Seconds it takes at the difficulty of the best header to make the work between the two.
    private double EquivalentTime(BlockNode best, BlockNode node)
    {
        var work = best.ChainWork - node.ChainWork;
        return (double)work * chainstate.Network.TargetSpacing / (double)CompactTarget.Work(best.Header.Bits);
    }
}
