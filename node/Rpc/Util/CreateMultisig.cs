using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class CreateMultisig
{
    private static readonly RpcArg<int> Required = Arg.Int("nrequired", "How many signatures it takes.");
    private static readonly RpcArg<IReadOnlyList<string>> Keys = Arg.Array("keys", "The keys.", Arg.HexText("key", "A public key in hex."));

    public static readonly NodeMethod Method = new("util", "createmultisig", "An address that takes signatures of several keys.")
    {
        Args = [Required, Keys],
        Results =
        [
            Result.Obj(
                Result.Str("address", "The address."),
                Result.Hex("redeemScript", "The script behind it."),
                Result.Str("descriptor", "Its descriptor.")),
        ],
        Examples =
        [
            Example.Cli("2 \"[\\\"03789ed0bb717d88f7d321a368d905e7430207ebbd82bd342cf11ae157a7ace5fd\\\"," +
                "\\\"03dbc6764b8884a92e871274b87583e6d5c2a58819473e17e107ef3f6aa5a61626\\\"]\""),
            Example.Rpc("2, [\"03789ed0bb717d88f7d321a368d905e7430207ebbd82bd342cf11ae157a7ace5fd\"," +
                "\"03dbc6764b8884a92e871274b87583e6d5c2a58819473e17e107ef3f6aa5a61626\"]"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var required = call.Get(Required);
        List<PublicKey> keys = [.. call.Get(Keys).Select(ReadKey)];
        var redeem = MakeScript(required, keys);
        var prefixes = call.Node.Network.Prefixes;
        var script = ScriptTemplates.PayToScriptHash(redeem);
        result.WriteStartObject();
        result.WriteString("address", AddressCodec.Encode(Destination.FromScript(script), prefixes));
        result.WriteHex("redeemScript", redeem.Span);
        result.WriteString("descriptor", DescriptorInference.Of(script, prefixes, static _ => null, _ => redeem).ToString());
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static PublicKey ReadKey(string text)
    {
        if (text.Length is not (2 * PublicKey.CompressedSize) and not (2 * PublicKey.UncompressedSize)
            || !Hex.TryDecode(text, out var bytes))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, $"Invalid public key: {text}\n.");
        }

        return PublicKey.TryParse(bytes, out var key)
            ? key
            : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid public key: " + text);
    }

    private static Script MakeScript(int required, List<PublicKey> keys)
    {
        if (required < 1)
        {
            throw Refused("a multisignature address must require at least one key to redeem");
        }

        if (keys.Count < required)
        {
            throw Refused($"not enough keys supplied (got {keys.Count} keys, but need at least {required} to redeem)");
        }

        if (keys.Count > Script.MaxKeysPerMultisig)
        {
            throw Refused($"Number of keys involved in the multisignature address creation > {Script.MaxKeysPerMultisig}\nReduce the number");
        }

        var script = ScriptTemplates.Multisig(required, keys.Select(static key => (ReadOnlyMemory<byte>)key.ToArray()));
        return script.Length <= Script.MaxElementSize
            ? script
            : throw Refused($"redeemScript exceeds size limit: {script.Length} > {Script.MaxElementSize}");
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
