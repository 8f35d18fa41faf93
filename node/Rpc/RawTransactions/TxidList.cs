using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

/// <summary>A list of transaction ids, as some of Dash's own methods take it.</summary>
internal static class TxidList
{
    private const int Most = 100;

    /// <summary>The argument.</summary>
    public static RpcArg<IReadOnlyList<Txid>> Arg() =>
        Dash.Rpc.Methods.Arg.Array("txids", "The ids, at most 100.", Dash.Rpc.Methods.Arg.Txid("txid", "An id."));

    /// <summary>The ids of a call.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static IReadOnlyList<Txid> Read(NodeCall call, RpcArg<IReadOnlyList<Txid>> arg) =>
        call.Raw(arg).AsArray().GetArrayLength() > Most
            ? throw new RpcError(RpcErrorCode.InvalidParameter, "Up to 100 txids only")
            : call.Get(arg);
}
