using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class JoinPsbts
{
    private static readonly RpcArg<IReadOnlyList<string>> Texts =
        PsbtText.List() with { Inner = [Arg.Str("psbt", "A PSBT.") with { TypeText = "string, required" }] };

    public static readonly NodeMethod Method = new("rawtransactions", "joinpsbts",
        "Makes one transaction with the inputs and outputs of several. No two of them may spend the same.")
    {
        Args = [Texts],
        TypesFirst = [ArgKind.Array],
        TypesFirstTakeNull = true,
        Results = [Result.Str("", "The PSBT in base64.")],
        Examples = [Example.Cli("'[\"psbt1\", \"psbt2\"]'")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var psbts = PsbtText.Parse(call, Texts, least: 2, "At least two PSBTs are required to join PSBTs.");
        var version = (short)psbts.Max(static psbt => Math.Max((ushort)1, (ushort)psbt.Transaction.Version));
        var lockTime = psbts.Min(static psbt => psbt.Transaction.LockTime);
        PartiallySignedTransaction joined = new(new Transaction(version, TransactionType.Normal, [], [], lockTime));
        foreach (var psbt in psbts)
        {
            Add(joined, psbt);
        }

        result.WriteStringValue(joined.ToBase64());
        return ValueTask.CompletedTask;
    }

    private static void Add(PartiallySignedTransaction joined, PartiallySignedTransaction psbt)
    {
        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            var input = psbt.Transaction.Inputs[i];
            if (!joined.TryAddInput(input, psbt.Inputs[i]))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter,
                    $"Input {input.PreviousOutput.Txid}:{input.PreviousOutput.Index} exists in multiple PSBTs");
            }
        }

        for (var i = 0; i < psbt.Outputs.Count; i++)
        {
            joined.AddOutput(psbt.Transaction.Outputs[i], psbt.Outputs[i]);
        }

        joined.Xpubs.UnionWith(psbt.Xpubs);
        foreach (var (key, value) in psbt.Unknown)
        {
            joined.Unknown.TryAdd(key, value);
        }
    }
}
