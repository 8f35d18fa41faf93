using System.Text.Json;
using Dash.Node.Mempool;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class SubmitPackage
{
    private static readonly RpcArg<IReadOnlyList<string>> Texts =
        Arg.Array("package", "The transactions, parents before the child.", Arg.HexText("rawtx", ""));

    public static readonly NodeMethod Method = new("hidden", "submitpackage",
        "Puts a transaction into the mempool together with the unconfirmed ones it spends, for which it may pay (-regtest only).\n" +
        "Other nodes get each by itself, so they may not take them.")
    {
        Args = [Texts],
        TypesFirst = [ArgKind.Array],
        Results =
        [
            Result.Obj(
                Result.ObjDyn("tx-results", "By id.", Result.Obj("txid", "A transaction.",
                    Result.Hex("txid", "Its id."),
                    Result.Num("size", "Its size for fees, bytes.", optional: true),
                    Result.Obj("fees", "What it pays.", Result.Amount("base", "Itself.")).Optional())),
                Result.Amount("package-feerate",
                    "Fee rate of those that were judged together, in DASH per 1,000 bytes; without those that stood by themselves.", optional: true)),
        ],
        Examples = [Example.Cli("'[\"rawtx1\",\"rawtx2\"]'")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (!call.Node.Network.IsMockable)
        {
            throw new RpcError(RpcErrorCode.Misc, "submitpackage is for regression testing (-regtest mode) only");
        }

        var package = RawTransactionText.ParsePackage(call.Get(Texts), AcceptPackage.MaxCount);
        var submitted = await call.Node.Mempool.SubmitAsync(package, ct);
        switch (submitted.Failure)
        {
            case PackageFailure.Policy:
                throw new RpcError(RpcErrorCode.Verify, submitted.RejectReason);
            case PackageFailure.Transaction:
                var (txid, failed) = submitted.Results.First(static item => !item.Value.IsAccepted);
                throw new RpcError(RpcErrorCode.VerifyRejected, $"{txid} failed: {failed.State.RejectReason}");
            default:
                break;
        }

        foreach (var transaction in package)
        {
            var sent = await call.Node.Mempool.BroadcastAsync(transaction, Amount.Zero, relay: true, bypassLimits: false, ct);
            if (!sent.IsSent)
            {
                throw new RpcError(SendRawTransaction.CodeOf(sent.Outcome),
                    $"transaction broadcast failed: {sent.Error} (all transactions were submitted, 0 transactions were broadcast successfully)");
            }
        }

        await call.Node.WaitForWallets(ct);
        result.WriteStartObject();
        result.WriteStartObject("tx-results");
        foreach (var transaction in package)
        {
            result.WriteStartObject(transaction.Txid.ToString());
            result.WriteHash("txid", transaction.Txid);
            if (submitted.Results.TryGetValue(transaction.Txid, out var accepted) && accepted.IsAccepted)
            {
                result.WriteNumber("size", accepted.VirtualSize);
                result.WriteStartObject("fees");
                result.WriteAmount("base", accepted.Fee);
                result.WriteEndObject();
            }

            result.WriteEndObject();
        }

        result.WriteEndObject();
        if (submitted.FeeRate is { } rate)
        {
            result.WriteFeeRate("package-feerate", rate);
        }

        result.WriteEndObject();
    }
}
