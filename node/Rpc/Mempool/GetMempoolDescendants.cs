namespace Dash.Node.Rpc.Mempool;

internal static class GetMempoolDescendants
{
    public static readonly NodeMethod Method = MempoolRelatives.Declare(
        "getmempooldescendants", "All unconfirmed transactions that depend on a transaction of the mempool.", static (graph, transaction) => graph.DescendantsOf(transaction));
}
