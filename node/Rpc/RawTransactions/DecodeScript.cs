using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class DecodeScript
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexstring", "The script's bytes in hex; may be empty.");

    public static readonly NodeMethod Method = new("rawtransactions", "decodescript", "What a script says.")
    {
        Args = [Text],
        Results =
        [
            Result.Obj(
                Result.Str("asm", "The script in words."),
                Result.Str("desc", "Its descriptor."),
                Result.Str("address", "Its address, where there is one.", optional: true),
                Result.Str("type", "Its form: pubkey, pubkeyhash, scripthash, multisig, nulldata or nonstandard."),
                Result.Str("p2sh", "The address of its hash, unless it is a hash already.", optional: true)),
        ],
        Examples = [Example.Cli("\"hexstring\""), Example.Rpc("\"hexstring\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var text = call.Get(Text);
        var script = text.Length == 0 ? Script.Empty : new Script(call.Raw(Text).AsHex("argument"));
        var prefixes = call.Node.Network.Prefixes;
        result.WriteStartObject();
        result.WriteScript(script, prefixes, withHex: false);
        if (!script.IsPayToScriptHash)
        {
            result.WriteString("p2sh", AddressCodec.Encode(new Destination.ScriptHash(Hashes.Hash160(script.Span)), prefixes));
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
