using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class GetDescriptorInfo
{
    private static readonly RpcArg<string> Text = Arg.Str("descriptor", "The descriptor, with or without checksum.");

    public static readonly NodeMethod Method = new("util", "getdescriptorinfo", "What a descriptor is, and its checksum.")
    {
        Args = [Text],
        Results =
        [
            Result.Obj(
                Result.Str("descriptor", "It without private keys, with checksum."),
                Result.Str("checksum", "The checksum of what was given."),
                Result.Bool("isrange", "Whether it stands for many scripts."),
                Result.Bool("issolvable", "Whether it tells all that is needed to sign but the keys."),
                Result.Bool("hasprivatekeys", "Whether private keys were in it.")),
        ],
        Examples = [Example.Cli("\"pkh(02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5)\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var text = call.Get(Text);
        using DescriptorKeys keys = new();
        if (!Descriptor.TryParse(text, call.Node.Network.Prefixes, requireChecksum: false, keys, out var descriptor, out var error))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, error);
        }

        result.WriteStartObject();
        result.WriteString("descriptor", descriptor.ToString());
        result.WriteString("checksum", DescriptorChecksum.Compute(text.Split('#')[0]));
        result.WriteBoolean("isrange", descriptor.IsRange);
        result.WriteBoolean("issolvable", descriptor.IsSolvable);
        result.WriteBoolean("hasprivatekeys", keys.Count > 0);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
