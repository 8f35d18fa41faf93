using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

/// <summary>What the generating methods share: tries, scripts from texts, the loop that mines.</summary>
internal static class GenerateArgs
{
    private const int DefaultTries = 1_000_000;

    /// <summary>How many hashes are tried in all.</summary>
    public static RpcArg<int> MaxTries() => Arg.Int("maxtries", DefaultTries, "How many hashes to try in all.");

    /// <summary>The script of an address.</summary>
    public static Script? FromAddress(NodeCall call, string address) =>
        AddressCodec.TryDecode(address, call.Node.Network.Prefixes, out var destination, out _) ? destination.ToScript() : null;

    /// <summary>The script of a descriptor without range; null, with Core's reason, if the text is none.</summary>
    public static Script? FromDescriptor(NodeCall call, string text, out string error)
    {
        using DescriptorKeys keys = new();
        if (!Descriptor.TryParse(text, call.Node.Network.Prefixes, requireChecksum: false, keys, out var descriptor, out error))
        {
            return null;
        }

        if (descriptor.IsRange)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Ranged descriptor not accepted. Maybe pass through deriveaddresses first?");
        }

        // A combo descriptor has several scripts; the second is the hash of the key.
        if (!descriptor.TryExpand(0, keys, out var expansion))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Cannot derive script without private keys");
        }

        return expansion.Scripts.Length == 1 ? expansion.Scripts[0] : expansion.Scripts[1];
    }

    /// <summary>Mines blocks that pay a script and writes their hashes.</summary>
    public static async ValueTask MineAsync(NodeCall call, Utf8JsonWriter result, Script script, int blocks, int maxTries, CancellationToken ct)
    {
        var hashes = await call.Node.Generator.GenerateAsync(blocks, script, maxTries, ct);
        result.WriteStartArray();
        foreach (var hash in hashes)
        {
            result.WriteStringValue(hash.ToString());
        }

        result.WriteEndArray();
    }
}
