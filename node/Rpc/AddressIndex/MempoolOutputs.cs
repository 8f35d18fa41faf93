using Dash.Primitives.Transactions;

namespace Dash.Node.Rpc.AddressIndex;

/// <summary>Unconfirmed transactions with the outputs their inputs spend.</summary>
internal sealed class MempoolOutputs(NodeContext node)
{
    /// <summary>All of them, as they are now.</summary>
    public Task<IReadOnlyList<Entry>> ReadAsync(CancellationToken ct) => node.Validation.PostAsync(
        (chainstate, _) =>
        {
            var graph = node.Mempool.View.Graph;
            return (IReadOnlyList<Entry>)
            [
                .. graph.Entries.Select(entry => new Entry(
                    entry.Transaction, entry.Time, [.. entry.Transaction.Inputs.Select(input => Find(input.PreviousOutput))])),
            ];

            TxOut? Find(OutPoint outPoint) => graph.TryGet(outPoint.Txid, out var parent)
                ? parent.Transaction.Outputs[(int)outPoint.Index]
                : chainstate.Coins.Find(outPoint)?.Output;
        },
        ct);

    /// <summary>An unconfirmed transaction.</summary>
    /// <param name="Transaction">The transaction.</param>
    /// <param name="Time">When it came, Unix seconds.</param>
    /// <param name="Spent">What its inputs spend.</param>
    internal sealed record Entry(Transaction Transaction, long Time, IReadOnlyList<TxOut?> Spent);
}
