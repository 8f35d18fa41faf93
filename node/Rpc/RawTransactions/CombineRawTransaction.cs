using System.Text.Json;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class CombineRawTransaction
{
    private static readonly RpcArg<IReadOnlyList<string>> Texts =
        Arg.Array("txs", "The same transaction, signed in part by different people.", Arg.HexText("hexstring", "Its bytes in hex."));

    public static readonly NodeMethod Method = new("rawtransactions", "combinerawtransaction",
        "Puts the signatures of several copies of a transaction together.")
    {
        Args = [Texts],
        Results = [Result.Str("", "The transaction's bytes in hex, with all signatures.")],
        Examples = [Example.Cli("'[\"myhex1\", \"myhex2\", \"myhex3\"]'")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        List<Transaction> copies = [];
        foreach (var text in call.Get(Texts))
        {
            copies.Add(TransactionArgs.TryParse(text, out var copy) ? copy : throw new RpcError(
                RpcErrorCode.Deserialization,
                $"TX decode failed for tx {copies.Count}. Make sure the tx has at least one input."));
        }

        if (copies.Count == 0)
        {
            throw new RpcError(RpcErrorCode.Deserialization, "Missing transactions");
        }

        var coins = await CoinLookup.FindAsync(call, copies[0], ct);
        var inputs = copies[0].Inputs.ToBuilder();
        for (var i = 0; i < inputs.Count; i++)
        {
            var coin = coins.GetValueOrDefault(inputs[i].PreviousOutput)
                ?? throw new RpcError(RpcErrorCode.Verify, "Input not found or already spent");
            inputs[i] = inputs[i] with { ScriptSig = Combine(copies, i, coin) };
        }

        result.WriteHexValue((copies[0] with { Inputs = inputs.ToImmutable() }).ToBytes());
    }

    private static Script Combine(List<Transaction> copies, int input, TxOut coin)
    {
        var all = new SigningProgress();
        foreach (var copy in copies.Where(copy => copy.Inputs.Length > input))
        {
            var progress = PartialSignatures.Read(copy, input, coin);
            if (progress.IsComplete)
            {
                return progress.ScriptSig;
            }

            all.RedeemScript = all.RedeemScript.IsEmpty ? progress.RedeemScript : all.RedeemScript;
            foreach (var (id, signature) in progress.Signatures)
            {
                all.Signatures.TryAdd(id, signature);
            }
        }

        InputSigner.Sign(
            EmptySigningSource.Instance,
            new TransactionSignatureMaker(copies[0], input, SigHashType.All),
            coin.ScriptPubKey,
            all);
        return all.ScriptSig;
    }
}
