using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>An output of ours that nothing alive spends. Everything a balance or a selection asks of it is here.</summary>
/// <param name="OutPoint">Where it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Script">Who may spend it.</param>
/// <param name="Height">Height of its block; -1 while unconfirmed.</param>
/// <param name="IsCoinBase">Mined.</param>
/// <param name="FromMe">Its transaction spends coins of ours.</param>
/// <param name="Time">The time shown for its transaction.</param>
/// <param name="IsInstantLocked">InstantSend locked its transaction, whether or not a ChainLock has come since.</param>
internal sealed record Coin(
    OutPoint OutPoint, Amount Value, Script Script, int Height, bool IsCoinBase, bool FromMe, long Time, bool IsInstantLocked = false)
{
    /// <summary>The depth at which the wallet lets a coinbase be spent: 100 by consensus and one more.</summary>
    public const int CoinbaseDepth = 101;

    /// <summary>The height of a coin whose block is known but not its height.</summary>
    public const int UnknownHeight = -2;

    /// <summary>In a block.</summary>
    public bool IsConfirmed => Height != -1;

    /// <summary>Confirmations at this tip.</summary>
    public int DepthAt(int tipHeight) => Height switch
    {
        -1 => 0,
        UnknownHeight => 1,
        _ => Math.Max(1, tipHeight - Height + 1),
    };

    /// <summary>A mined coin that may not be spent yet.</summary>
    public bool IsImmatureAt(int tipHeight) => IsCoinBase && DepthAt(tipHeight) < CoinbaseDepth;
}
