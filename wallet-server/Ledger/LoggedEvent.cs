using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>What a line of the event log tells; the values are in files.</summary>
internal enum EventKind
{
    /// <summary>The wallet has a transaction that it did not have.</summary>
    Added = 1,

    /// <summary>It is in a block.</summary>
    Confirmed = 2,

    /// <summary>It is in no block any more, and waits.</summary>
    Unconfirmed = 3,

    /// <summary>A block contradicts it.</summary>
    Conflicted = 4,

    /// <summary>The user gave it up.</summary>
    Abandoned = 5,

    /// <summary>InstantSend holds it.</summary>
    InstantLocked = 6,

    /// <summary>A ChainLock holds its block.</summary>
    ChainLocked = 7,

    /// <summary>It was taken out of the wallet.</summary>
    Removed = 8,

    /// <summary>Stored up to this block.</summary>
    Block = 9,

    /// <summary>The chain went back to this block.</summary>
    Reorganized = 10,

    /// <summary>Its notes changed.</summary>
    Updated = 11,

    /// <summary>Coins of it were set aside, because they are so small.</summary>
    Quarantined = 12,
}

/// <summary>A line of a wallet's event log, which is written with what it tells.</summary>
/// <param name="Sequence">Rises by one from line to line, for ever.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Txid">To which transaction; null for blocks.</param>
/// <param name="Block">In or by which block, if any.</param>
/// <param name="Height">The block's height; -1 without.</param>
/// <param name="Time">When it was stored, seconds since 1970.</param>
internal sealed record LoggedEvent(long Sequence, EventKind Kind, Txid? Txid, BlockHash? Block, int Height, long Time);
