using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Mempool;

internal static class PrioritiseTransaction
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.");
    private static readonly RpcArg<long> Delta = Arg.Long("fee_delta", "What it is taken to pay in addition, or less, in duffs. Adds up.");

    public static readonly NodeMethod Method = new("mining", "prioritisetransaction",
        "Ranks a transaction as if it paid more, or less, when blocks are made here and when the mempool is full.")
    {
        Args = [Id, Delta],
        Results = [Result.Bool("", "True.")],
        Examples = [Example.Cli("\"txid\" 10000"), Example.Rpc("\"txid\", 10000")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        await call.Node.Mempool.PrioritiseAsync(call.Get(Id), new Amount(call.Get(Delta)), ct);
        result.WriteBooleanValue(true);
    }
}
