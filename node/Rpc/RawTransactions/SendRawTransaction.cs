using System.Text.Json;
using Dash.Node.Mempool;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class SendRawTransaction
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexstring", "The transaction's bytes in hex.");
    private static readonly RpcArg<Amount> MaxFeeRate = RawTransactionText.MaxFeeRate();
    private static readonly RpcArg<bool?> InstantSend = Arg.OptionalBool("instantsend", "Ignored.");
    private static readonly RpcArg<bool> BypassLimits = Arg.Bool("bypasslimits", fallback: false, "Ignore fee floors and limits of the mempool.");

    public static readonly NodeMethod Method = new("rawtransactions", "sendrawtransaction", "Puts a transaction into the mempool, for the network to mine.")
    {
        Args = [Text, MaxFeeRate, InstantSend, BypassLimits],
        TypesFirst = [ArgKind.Str, null, ArgKind.Bool, ArgKind.Bool],
        Results = [Result.Hex("txid", "The transaction's id.")],
        Examples = [Example.Cli("\"signedhex\""), Example.Rpc("\"signedhex\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var transaction = RawTransactionText.Parse(call.Get(Text));
        _ = call.Get(InstantSend);
        var maxFee = new FeeRate(call.Get(MaxFeeRate).Duffs).GetFee(transaction.Size);
        var submitted = await call.Node.Mempool.BroadcastAsync(transaction, maxFee, relay: true, call.Get(BypassLimits), ct);
        if (!submitted.IsSent)
        {
            throw new RpcError(CodeOf(submitted.Outcome), submitted.Error);
        }

        await call.Node.WaitForWallets(ct);
        result.WriteStringValue(transaction.Txid.ToString());
    }

    /// <summary>The code of a refusal.</summary>
    internal static RpcErrorCode CodeOf(BroadcastOutcome outcome) => outcome switch
    {
        BroadcastOutcome.AlreadyInChain => RpcErrorCode.AlreadyInChain,
        BroadcastOutcome.Rejected => RpcErrorCode.VerifyRejected,
        _ => RpcErrorCode.Verify,
    };
}
