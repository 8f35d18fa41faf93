using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class CombinePsbt
{
    private static readonly RpcArg<IReadOnlyList<string>> Texts = PsbtText.List();

    public static readonly NodeMethod Method = new("rawtransactions", "combinepsbt",
        "Puts what several PSBTs of one transaction know into one (BIP174, Combiner).")
    {
        Args = [Texts],
        Results = [Result.Str("", "The PSBT in base64.")],
        Examples = [Example.Cli("'[\"mybase64_1\", \"mybase64_2\", \"mybase64_3\"]'")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var psbts = PsbtText.Parse(call, Texts, least: 1, "Parameter 'txs' cannot be empty");
        var combined = PartiallySignedTransaction.Combine(psbts)
            ?? throw new RpcError(RpcErrorCode.InvalidParameter, "PSBTs not compatible (different transactions)");
        result.WriteStringValue(combined.ToBase64());
        return ValueTask.CompletedTask;
    }
}
