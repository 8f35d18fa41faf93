using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class ValidateAddress
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "What may be an address.");

    public static readonly NodeMethod Method = new("util", "validateaddress", "Whether a text is an address of this network, and what it stands for.")
    {
        Args = [Address],
        Results =
        [
            Result.Obj(
                Result.Bool("isvalid", "Whether it is one."),
                Result.Str("address", "The address.", optional: true),
                Result.Hex("scriptPubKey", "The script that pays it.", optional: true),
                Result.Bool("isscript", "Whether it stands for a script.", optional: true),
                Result.Str("error", "What is wrong with it.", optional: true)),
        ],
        Examples = [Example.Cli($"\"{Example.Address}\""), Example.Rpc($"\"{Example.Address}\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var prefixes = call.Node.Network.Prefixes;
        var valid = AddressCodec.TryDecode(call.Get(Address), prefixes, out var destination, out var error);
        result.WriteStartObject();
        result.WriteBoolean("isvalid", valid);
        if (destination is not null)
        {
            result.WriteString("address", AddressCodec.Encode(destination, prefixes));
            result.WriteHex("scriptPubKey", destination.ToScript().Span);
            result.WriteBoolean("isscript", destination is Destination.ScriptHash);
        }
        else
        {
            result.WriteString("error", error);
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
