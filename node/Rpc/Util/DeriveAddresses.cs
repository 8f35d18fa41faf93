using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class DeriveAddresses
{
    private static readonly RpcArg<string> Text = Arg.Str("descriptor", "The descriptor, with checksum.");
    private static readonly RpcArg<(long First, long Last)?> Range = Arg.OptionalRange("range", "Of a descriptor with a range: the last index, or first and last.");

    public static readonly NodeMethod Method = new("util", "deriveaddresses", "The addresses a descriptor stands for.")
    {
        Args = [Text, Range],
        TypesFirst = [ArgKind.Str, null],
        Results = [Result.Arr("", "", Result.Str("address", "An address."))],
        Examples = [Example.Cli("The first three", "\"descriptor\" \"[0,2]\""), Example.Rpc("\"descriptor\", \"[0,2]\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var range = call.Get(Range);
        var prefixes = call.Node.Network.Prefixes;
        using DescriptorKeys keys = new();
        if (!Descriptor.TryParse(call.Get(Text), prefixes, requireChecksum: true, keys, out var descriptor, out var error))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, error);
        }

        if (!descriptor.IsRange && call.Arguments.Count > 1)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Range should not be specified for an un-ranged descriptor");
        }

        if (descriptor.IsRange && call.Arguments.Count == 1)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Range must be specified for a ranged descriptor");
        }

        var (first, last) = range ?? (0, 0);
        result.WriteStartArray();
        for (var index = first; index <= last; index++)
        {
            ct.ThrowIfCancellationRequested();
            if (!descriptor.TryExpand((int)index, keys, out var expansion))
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Cannot derive script without private keys");
            }

            foreach (var script in expansion.Scripts)
            {
                var payee = Destination.FromScript(script);
                if (payee is Destination.None)
                {
                    throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Descriptor does not have a corresponding address");
                }

                result.WriteStringValue(AddressCodec.Encode(payee, prefixes));
            }
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
