using Dash.Node.Consensus;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;

namespace Dash.Node.Net.Peers;

/// <summary>What is known of a peer's blocks, and what was asked for. Message loop only; times are milliseconds since 1970.</summary>
internal sealed class BlockSyncState
{
    /// <summary>The best block it is known to have.</summary>
    public BlockNode? BestKnown { get; set; }

    /// <summary>The last block it announced that is not known here; null hash for none.</summary>
    public BlockHash LastUnknown { get; set; }

    /// <summary>The last block both have.</summary>
    public BlockNode? LastCommon { get; set; }

    /// <summary>The best header it was sent.</summary>
    public BlockNode? BestHeaderSent { get; set; }

    /// <summary>Messages of headers in a row that don't connect to what is known.</summary>
    public int UnconnectingHeaders { get; set; }

    /// <summary>Whether its headers were asked for.</summary>
    public bool IsStarted { get; set; }

    /// <summary>When its headers must have come; the greatest number for never.</summary>
    public long HeadersTimeout { get; set; } = long.MaxValue;

    /// <summary>When it was last asked for headers and has not answered; 0 for not.</summary>
    public long LastGetHeaders { get; set; }

    /// <summary>Whether a block it announced before the start made us ask for headers.</summary>
    public bool IsAskedBeforeStart { get; set; }

    /// <summary>Whether blocks are rather downloaded from it than from others.</summary>
    public bool IsPreferred { get; set; }

    /// <summary>What it is asked for, the oldest first.</summary>
    public LinkedList<BlockRequest> InFlight { get; } = [];

    /// <summary>Since when the first of them is waited for.</summary>
    public long DownloadingSince { get; set; }

    /// <summary>Since when it holds others up; 0 for not.</summary>
    public long StallingSince { get; set; }

    /// <summary>Whether it wants headers of new blocks.</summary>
    public bool PrefersHeaders { get; set; }

    /// <summary>Whether it wants compressed headers of new blocks.</summary>
    public bool PrefersCompressedHeaders { get; set; }

    /// <summary>Whether it has compact blocks.</summary>
    public bool ProvidesCompact { get; set; }

    /// <summary>When it last announced a block that was better than ours, Unix seconds.</summary>
    public long LastAnnouncement { get; set; }

    /// <summary>New blocks to tell it of.</summary>
    public List<BlockNode> ToAnnounce { get; } = [];

    /// <summary>Blocks to tell it of by hash.</summary>
    public List<BlockHash> ToAnnounceByHash { get; } = [];

    /// <summary>When it asks for this block, it is told of the tip, so that it goes on asking.</summary>
    public BlockHash Continuation { get; set; }

    /// <summary>What it asked for and has not got yet.</summary>
    public Queue<InventoryItem> Requests { get; } = new();

    /// <summary>When a better chain must have come from it, Unix seconds; 0 for no such demand.</summary>
    public long ChainTimeout { get; set; }

    /// <summary>The tip whose work it must reach.</summary>
    public BlockNode? ChainTarget { get; set; }

    /// <summary>Whether it was asked for that.</summary>
    public bool IsAskedForChain { get; set; }

    /// <summary>Whether it proved useful, so that a worse chain is forgiven.</summary>
    public bool IsProtected { get; set; }

    /// <summary>Whether it has a header, as far as is known.</summary>
    public bool HasHeader(BlockNode? node) =>
        node is not null
        && ((BestKnown is not null && BestKnown.Ancestor(node.Height) == node)
            || (BestHeaderSent is not null && BestHeaderSent.Ancestor(node.Height) == node));
}
