using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Node.Rpc.RawTransactions;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Who spends an output, in the mempool or by the index of spent outputs.</summary>
internal static class SpenderLookup
{
    /// <summary>What finds spenders for transactions as objects; null without the index.</summary>
    public static Func<OutPoint, TransactionJson.Spender?>? Of(NodeCall call) =>
        call.Node.Indexes.Addresses is { Settings.Spent: true } index
            ? outPoint => Find(call, index, outPoint) is { } by
                ? new TransactionJson.Spender(
                    by.Txid, by.Index, by.Height, new Amount(by.Duffs), by.Address.Type == AddressType.None ? null : by.Address.ToDestination())
                : null
            : null;

    /// <summary>The input that spends an output, or null.</summary>
    public static SpentBy? Find(NodeCall call, AddressIndexes index, OutPoint outPoint) =>
        FindUnconfirmed(call, outPoint) ?? index.FindSpender(outPoint);

    private static SpentBy? FindUnconfirmed(NodeCall call, OutPoint outPoint)
    {
        if (call.Node.Mempool.View.Graph.SpenderOf(outPoint) is not { } entry)
        {
            return null;
        }

        var transaction = entry.Transaction;
        var input = transaction.Inputs.Select(static input => input.PreviousOutput).ToList().IndexOf(outPoint);
        BlockNode? block = null;
        var spent = KnownTransactionJson.Find(call, outPoint.Txid, ref block)?.Outputs.ElementAtOrDefault((int)outPoint.Index);
        return new SpentBy(
            transaction.Txid, (uint)input, -1, spent?.Value.Duffs ?? 0, spent is null ? default : IndexedAddress.Of(spent.ScriptPubKey));
    }
}
