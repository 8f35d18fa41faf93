using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Psbt;

internal static class DecodePsbt
{
    private static readonly RpcArg<string> Text = PsbtText.Arg();

    private static readonly (PsbtPreimage Kind, string Name)[] PreimageNames =
    [
        (PsbtPreimage.Ripemd160, "ripemd160_preimages"),
        (PsbtPreimage.Sha256, "sha256_preimages"),
        (PsbtPreimage.Hash160, "hash160_preimages"),
        (PsbtPreimage.Hash256, "hash256_preimages"),
    ];

    public static readonly NodeMethod Method = new("rawtransactions", "decodepsbt", "What a PSBT says.")
    {
        Args = [Text],
        Results = [PsbtResults.All],
        Examples = [Example.Cli("\"psbt\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var psbt = PsbtText.Parse(call.Get(Text));
        result.WriteStartObject();
        result.WriteStartObject("tx");
        WriteTransaction(result, psbt.Transaction, call);
        result.WriteEndObject();
        result.WriteStartArray("global_xpubs");
        foreach (var xpub in psbt.Xpubs)
        {
            result.WriteStartObject();
            result.WriteString("xpub", Base58Check.Encode(xpub.Serialized.Span));
            WriteOrigin(result, xpub.Origin);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteNumber("psbt_version", psbt.Version ?? 0);
        WriteProprietary(result, psbt.Proprietary);
        WriteMap(result, "unknown", psbt.Unknown);
        result.WriteStartArray("inputs");
        foreach (var input in psbt.Inputs)
        {
            WriteInput(result, input, call);
        }

        result.WriteEndArray();
        result.WriteStartArray("outputs");
        foreach (var output in psbt.Outputs)
        {
            result.WriteStartObject();
            WriteRedeemScript(result, output.RedeemScript, call);
            WriteKeyPaths(result, output.KeyPaths);
            WriteRest(result, output.Proprietary, output.Unknown);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        if (FeeOf(psbt) is { } fee)
        {
            result.WriteAmount("fee", fee);
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void WriteInput(Utf8JsonWriter result, PsbtInput input, NodeCall call)
    {
        result.WriteStartObject();
        if (input.PreviousTransaction is { } previous)
        {
            result.WriteStartObject("non_witness_utxo");
            WriteTransaction(result, previous, call);
            result.WriteEndObject();
        }

        if (input.PartialSignatures.Count > 0)
        {
            result.WriteStartObject("partial_signatures");
            foreach (var signature in input.PartialSignatures.Values)
            {
                result.WriteHex(Hex.Encode(signature.PublicKey.Span), signature.Signature.Span);
            }

            result.WriteEndObject();
        }

        if (input.SigHashType is { } type)
        {
            result.WriteString("sighash", ScriptAssembly.NameOf((SigHashType)(byte)type));
        }

        WriteRedeemScript(result, input.RedeemScript, call);
        WriteKeyPaths(result, input.KeyPaths);
        if (!input.FinalScriptSig.IsEmpty)
        {
            result.WriteStartObject("final_scriptSig");
            result.WriteString("asm", ScriptAssembly.ToAsm(input.FinalScriptSig, sighashDecode: true));
            result.WriteHex("hex", input.FinalScriptSig.Span);
            result.WriteEndObject();
        }

        foreach (var (kind, name) in PreimageNames)
        {
            if (input.Preimages.TryGetValue(kind, out var preimages) && preimages.Count > 0)
            {
                WriteMap(result, name, preimages);
            }
        }

        WriteRest(result, input.Proprietary, input.Unknown);
        result.WriteEndObject();
    }

    private static void WriteTransaction(Utf8JsonWriter result, Transaction transaction, NodeCall call) =>
        result.WriteTransaction(transaction, call.Node.Network.Prefixes,
            new TransactionJson.Extras { WithHex = false });

    private static void WriteRedeemScript(Utf8JsonWriter result, Script script, NodeCall call)
    {
        if (!script.IsEmpty)
        {
            result.WriteStartObject("redeem_script");
            result.WriteScript(script, call.Node.Network.Prefixes, withAddress: false);
            result.WriteEndObject();
        }
    }

    private static void WriteKeyPaths(Utf8JsonWriter result, SortedDictionary<byte[], KeyOrigin> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        result.WriteStartArray("bip32_derivs");
        foreach (var (key, origin) in paths)
        {
            result.WriteStartObject();
            result.WriteHex("pubkey", key);
            WriteOrigin(result, origin);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static void WriteOrigin(Utf8JsonWriter result, KeyOrigin origin)
    {
        result.WriteString("master_fingerprint", origin.FingerprintHex);
        result.WriteString("path", origin.PathText);
    }

    private static void WriteRest(
        Utf8JsonWriter result, SortedDictionary<byte[], byte[]> proprietary, SortedDictionary<byte[], byte[]> unknown)
    {
        if (proprietary.Count > 0)
        {
            WriteProprietary(result, proprietary);
        }

        if (unknown.Count > 0)
        {
            WriteMap(result, "unknown", unknown);
        }
    }

    private static void WriteMap(Utf8JsonWriter result, string name, SortedDictionary<byte[], byte[]> entries)
    {
        result.WriteStartObject(name);
        foreach (var (key, value) in entries)
        {
            result.WriteHex(Hex.Encode(key), value);
        }

        result.WriteEndObject();
    }

    private static void WriteProprietary(Utf8JsonWriter result, SortedDictionary<byte[], byte[]> entries)
    {
        result.WriteStartArray("proprietary");
        foreach (var (key, value) in entries)
        {
            // The key is its type, whose it is, the kind and the rest; the reader has refused any other.
            var reader = new SpanReader(key);
            _ = reader.ReadCompactSize();
            var identifier = reader.ReadVarBytes(key.Length);
            var kind = reader.ReadCompactSize();
            result.WriteStartObject();
            result.WriteHex("identifier", identifier);
            result.WriteNumber("subtype", (ulong)kind);
            result.WriteHex("key", key);
            result.WriteHex("value", value);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static Amount? FeeOf(PartiallySignedTransaction psbt)
    {
        var fee = Amount.Zero;
        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            if (!psbt.TryGetSpent(i, out var spent) || !spent.Value.IsInRange || !(fee + spent.Value).IsInRange)
            {
                return null;
            }

            fee += spent.Value;
        }

        var paid = Amount.Zero;
        foreach (var output in psbt.Transaction.Outputs)
        {
            if (!output.Value.IsInRange || !(paid + output.Value).IsInRange)
            {
                return null;
            }

            paid += output.Value;
        }

        return fee - paid;
    }
}
