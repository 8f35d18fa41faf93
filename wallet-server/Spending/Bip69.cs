using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Spending;

/// <summary>
/// The order of BIP69 as Dash Core has it: inputs by id as shown and index, outputs by amount and script, of which a shorter one comes first.
/// </summary>
internal static class Bip69
{
    /// <summary>Order of inputs.</summary>
    public static IComparer<TxIn> Inputs { get; } =
        Comparer<TxIn>.Create(static (left, right) => Compare(left.PreviousOutput, right.PreviousOutput));

    /// <summary>Order of outputs.</summary>
    public static IComparer<TxOut> Outputs { get; } = Comparer<TxOut>.Create(static (left, right) =>
    {
        var byValue = left.Value.CompareTo(right.Value);
        var byLength = byValue != 0 ? byValue : left.ScriptPubKey.Length.CompareTo(right.ScriptPubKey.Length);
        return byLength != 0 ? byLength : left.ScriptPubKey.Span.SequenceCompareTo(right.ScriptPubKey.Span);
    });

    /// <summary>Order of what inputs spend.</summary>
    public static int Compare(OutPoint left, OutPoint right)
    {
        var byTxid = left.Txid.CompareTo(right.Txid);
        return byTxid != 0 ? byTxid : left.Index.CompareTo(right.Index);
    }
}
