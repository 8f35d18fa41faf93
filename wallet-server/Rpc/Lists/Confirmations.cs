using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>Confirmations as numbers of a list that is kept: they follow from a place in the chain and the tip.</summary>
internal static class Confirmations
{
    /// <summary>The place: a block's height, or the complement of the height of a block that contradicts the transaction; null where the number stays.</summary>
    public static int? PlaceOf(TxState state) => state switch
    {
        TxState.Confirmed { Height: >= 0 } confirmed => confirmed.Height,
        TxState.Conflicted { Height: >= 0 } conflicted => ~conflicted.Height,
        _ => null,
    };

    /// <summary>The number at a tip, as <see cref="TxState.DepthAt"/> says it.</summary>
    public static int Of(int place, int tip) => place >= 0 ? Math.Max(1, tip - place + 1) : Math.Min(-1, -(tip - ~place + 1));
}
