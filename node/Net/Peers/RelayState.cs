using Dash.Node.Net.Wire;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Peers;

/// <summary>What is announced to a peer and asked of it, blocks aside. Message loop only; times are milliseconds since 1970.</summary>
internal sealed class RelayState
{
    /// <summary>Whether transactions may ever be announced to it; whether they are now is <see cref="Peer.RelaysTransactions"/>.</summary>
    public bool MayRelayTransactions { get; set; }

    /// <summary>What it has or was told of.</summary>
    public RecentSet Known { get; } = new(50_000);

    /// <summary>Transactions it was told of, which it may ask for.</summary>
    public RecentSet Announced { get; } = new(3_500);

    /// <summary>Transactions to tell it of.</summary>
    public HashSet<Txid> ToSend { get; } = [];

    /// <summary>Other things to tell it of.</summary>
    public List<InventoryItem> OthersToSend { get; } = [];

    /// <summary>When it is told next.</summary>
    public long NextSend { get; set; }

    /// <summary>Whether it asked for the whole mempool.</summary>
    public bool WantsMempool { get; set; }

    /// <summary>When it was last told the whole mempool, Unix seconds; 0 for never.</summary>
    public long LastMempool { get; set; }

    /// <summary>What it wants to hear of, if it said so.</summary>
    public BloomFilter? Filter { get; set; }

    /// <summary>What it announced and is not yet taken care of.</summary>
    public HashSet<InventoryItem> Wanted { get; } = [];

    /// <summary>When it is to be asked for what.</summary>
    public SortedSet<(long Time, long Order, InventoryItem Item)> Schedule { get; } =
        new(Comparer<(long Time, long Order, InventoryItem Item)>.Create(static (left, right) =>
            (left.Time, left.Order).CompareTo((right.Time, right.Order))));

    /// <summary>What it was asked for, and when.</summary>
    public Dictionary<InventoryItem, long> Requested { get; } = [];

    /// <summary>When answers are looked for that did not come.</summary>
    public long NextExpiryCheck { get; set; }

    /// <summary>Notes that it knows something.</summary>
    public void NoteKnown(Uint256 hash) => Known.Add(hash);
}
