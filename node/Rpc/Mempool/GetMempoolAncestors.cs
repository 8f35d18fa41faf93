namespace Dash.Node.Rpc.Mempool;

internal static class GetMempoolAncestors
{
    public static readonly NodeMethod Method = MempoolRelatives.Declare(
        "getmempoolancestors", "All unconfirmed transactions on which a transaction of the mempool depends.", static (graph, transaction) => graph.AncestorsOf(transaction));
}
