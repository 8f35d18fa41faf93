using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.RawTransactions;

internal static class GetIsLocks
{
    private static readonly RpcArg<IReadOnlyList<Txid>> Ids = TxidList.Arg();

    public static readonly NodeMethod Method = new("rawtransactions", "getislocks", "The InstantSend locks of transactions.")
    {
        Args = [Ids],
        Results =
        [
            Result.Arr("", "One for each id, in their order.",
                Result.Obj("", "A lock.",
                    Result.Hex("txid", "The transaction's id."),
                    Result.Arr("inputs", "The outputs that are locked.", Result.Obj("", "",
                        Result.Hex("txid", "A transaction's id."), Result.Num("vout", "Which of its outputs."))),
                    Result.Hex("id", "Id of the request to sign."),
                    Result.Hex("cycleHash", "The block of the quorum's cycle."),
                    Result.Hex("signature", "The quorum's signature."),
                    Result.Hex("hex", "The lock's bytes.")),
                Result.Str("data", "\"None\" of a transaction without lock.")),
        ],
        Examples = [Example.Cli("'[\"txid\",...]'"), Example.Rpc("[\"txid\",...]")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        // Locks are not received yet, so there is none.
        result.WriteStartArray();
        foreach (var _ in TxidList.Read(call, Ids))
        {
            result.WriteStringValue("None");
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
