using System.Collections.Immutable;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>A transaction the wallet is part of, with what only its owner cares about.</summary>
internal sealed record WalletTx(Transaction Tx, TxState State)
{
    /// <summary>No notes.</summary>
    public static ImmutableSortedDictionary<string, string> NoNotes { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Rank in the order of arrival; -1 in files older than the field.</summary>
    public long Position { get; init; } = -1;

    /// <summary>When the wallet first saw it, seconds since 1970.</summary>
    public long TimeReceived { get; init; }

    /// <summary>The stable time shown to users, in the order of arrival; 0 when never computed.</summary>
    public long TimeSmart { get; init; }

    /// <summary>Made by this wallet (not merely spending from it).</summary>
    public bool FromMe { get; init; }

    /// <summary>The file's field of that name: 1 for own payments.</summary>
    public uint TimeReceivedIsTxTime { get; init; }

    /// <summary>Comments and other notes: <c>comment</c>, <c>to</c>, <c>DS</c>.</summary>
    public ImmutableSortedDictionary<string, string> Notes { get; init; } = NoNotes;

    /// <summary>Old order-form pairs, kept as read.</summary>
    public ImmutableArray<KeyValuePair<string, string>> OrderForm { get; init; } = [];

    /// <summary>What the file has worked out about it; null for what comes from elsewhere.</summary>
    public TxFigures? Figures { get; init; }

    /// <summary>What the masternodes promised about it.</summary>
    public Finality Finality { get; init; }

    /// <summary>The id.</summary>
    public Txid Txid => Tx.Txid;

    /// <summary>The time shown: smart time, else time of arrival.</summary>
    public long Time => TimeSmart != 0 ? TimeSmart : TimeReceived;

    /// <summary>A coinbase that may not be spent yet at this tip (consensus asks 100 more blocks, the wallet one more).</summary>
    public bool IsImmatureAt(int tipHeight) => Tx.IsCoinBase && State.DepthAt(tipHeight) < Coin.CoinbaseDepth;

    /// <summary>Locked by InstantSend, whatever blocks say.</summary>
    public bool IsInstantLocked => Finality.HasFlag(Finality.InstantSend);
}
