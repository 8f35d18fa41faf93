using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class SubmitBlock
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexdata", "The block's bytes in hex.");
    private static readonly RpcArg<string?> Dummy = Arg.OptionalStr("dummy", "Ignored; BIP22 has it.", hint: "ignored");

    public static readonly NodeMethod Method = new("mining", "submitblock", "Hands a block to the node (BIP22).")
    {
        Args = [Text, Dummy],
        Results = [Result.None(when: "if the block was taken"), Result.Str("", "Why not, in the words of BIP22.", when: "otherwise")],
        Examples = [Example.Cli("\"mydata\""), Example.Rpc("\"mydata\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (!BlockText.TryParse(call.Get(Text), out var block, out var bytes))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "Block decode failed");
        }

        if (block.Transactions.Count == 0 || !block.Transactions[0].IsCoinBase)
        {
            throw new RpcError(RpcErrorCode.Deserialization, "Block does not start with a coinbase");
        }

        if (call.Node.Index.Find(block.Header.Hash) is { } known)
        {
            if (known.IsValid(BlockStatus.ValidScripts))
            {
                result.WriteStringValue("duplicate");
                return;
            }

            if (known.IsFailed)
            {
                result.WriteStringValue("duplicate-invalid");
                return;
            }
        }

        var verdict = await call.Node.Validation.SubmitBlockAsync(block, bytes, isRequested: true, ct);
        if (verdict.State is { IsInvalid: true } refusal)
        {
            result.WriteStringValue(refusal.RejectReason.Length == 0 ? "rejected" : refusal.RejectReason);
        }
        else if (!verdict.IsNew)
        {
            result.WriteStringValue("duplicate");
        }
        else if (verdict.State is null)
        {
            result.WriteStringValue("inconclusive");
        }
    }
}
