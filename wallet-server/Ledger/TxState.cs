using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;

namespace Dash.WalletServer.Ledger;

/// <summary>Where a wallet transaction stands. The depth follows from it and the tip and is never stored.</summary>
internal abstract record TxState
{
    private TxState()
    {
    }

    /// <summary>In a block of the active chain. Height -1 and time 0 until a header has told them.</summary>
    public sealed record Confirmed(BlockHash Block, int Height, int Index, long BlockTime) : TxState;

    /// <summary>A block of the active chain spends one of its inputs (or an ancestor's) otherwise.</summary>
    public sealed record Conflicted(BlockHash Block, int Height) : TxState;

    /// <summary>In the node's mempool. Known in memory only; the file says inactive.</summary>
    public sealed record InMempool : TxState
    {
        /// <summary>The one value.</summary>
        public static InMempool Value { get; } = new();
    }

    /// <summary>Neither in a block nor known to be in the mempool.</summary>
    public sealed record Inactive(bool Abandoned) : TxState
    {
        /// <summary>Waiting.</summary>
        public static Inactive Waiting { get; } = new(false);

        /// <summary>Given up by the user: its inputs may be spent again.</summary>
        public static Inactive GivenUp { get; } = new(true);
    }

    /// <summary>A pair of hash and index this program does not understand; kept as read, treated as inactive.</summary>
    public sealed record Unrecognized(Uint256 Block, int Index) : TxState;

    /// <summary>Neither in a block nor in conflict with one, and not given up.</summary>
    public bool IsPending => this is InMempool or Unrecognized or Inactive { Abandoned: false };

    /// <summary>Given up by the user.</summary>
    public bool IsAbandoned => this is Inactive { Abandoned: true };

    /// <summary>
    /// Confirmations: negative in conflict, 0 outside the chain. A block of unknown height counts as one deep, and so
    /// does one that the wallet knows of but has not come to yet (a file of Dash Core's may say so).
    /// </summary>
    public int DepthAt(int tipHeight) => this switch
    {
        Confirmed { Height: >= 0 } confirmed => Math.Max(1, tipHeight - confirmed.Height + 1),
        Confirmed => 1,
        Conflicted { Height: >= 0 } conflicted => Math.Min(-1, -(tipHeight - conflicted.Height + 1)),
        Conflicted => -1,
        _ => 0,
    };

    /// <summary>An output it spends is gone: it is confirmed, or still may be.</summary>
    public bool Spends => this is Confirmed || IsPending;
}
