using System.Text.Json;
using Dash.Node.Indexes;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.AddressIndex;

/// <summary>What the methods of the address index are asked with: an address, or an object that lists several.</summary>
internal static class AddressIndexArgs
{
    public static readonly RpcArg<JsonElement> Addresses = Arg.Any("addresses", ArgKind.Array,
        "An address, or an object whose member addresses lists several.",
        Arg.Str("address", "", "An address.")) with { IsOptional = true, DefaultText = "[]" };

    private const string ExampleObject = $"{{\"addresses\": [\"{Example.Address}\"]}}";

    /// <summary>What calls look like.</summary>
    public static IReadOnlyList<RpcExample> Examples { get; } = [Example.Cli($"'{ExampleObject}'"), Example.Rpc(ExampleObject)];

    /// <summary>The indexes, if the address index is kept.</summary>
    /// <exception cref="RpcError">It is not.</exception>
    public static AddressIndexes RequireIndex(NodeCall call) => call.Node.Indexes.Addresses is { Settings.Address: true } index
        ? index
        : throw new RpcError(
            RpcErrorCode.InvalidRequest, "Address index is disabled. You should run Dash Core with -addressindex (requires reindex)");

    /// <summary>The addresses asked for.</summary>
    /// <exception cref="RpcError">One is none, or there is none.</exception>
    public static IReadOnlyList<IndexedAddress> Read(NodeCall call)
    {
        var given = call.Raw(Addresses);
        if (given.ValueKind == JsonValueKind.String)
        {
            return [Read(given, call)];
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid address");
        }

        var list = given.Find("addresses");
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(address => Read(address, call))]
            : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Addresses is expected to be an array");
    }

    /// <summary>The heights asked for; zeros for all.</summary>
    /// <param name="call">The call.</param>
    /// <param name="needsObject">Whether a bare address is an error of type.</param>
    /// <exception cref="RpcError">The end is before the start.</exception>
    public static (int First, int Last) ReadHeights(NodeCall call, bool needsObject)
    {
        var given = call.Raw(Addresses);
        if (given.ValueKind != JsonValueKind.Object)
        {
            return needsObject ? throw JsonValues.TypeError(given, "object") : (0, 0);
        }

        var (start, end) = (given.Find("start"), given.Find("end"));
        if (start.ValueKind != JsonValueKind.Number || end.ValueKind != JsonValueKind.Number)
        {
            return (0, 0);
        }

        var (first, last) = (start.AsInt(), end.AsInt());
        if (needsObject && last < first)
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "End value is expected to be greater than start");
        }

        return first <= 0 || last <= 0 ? (0, 0) : (first, last);
    }

    /// <summary>An address as text.</summary>
    public static string TextOf(IndexedAddress address, NodeCall call) =>
        AddressCodec.Encode(address.ToDestination(), call.Node.Network.Prefixes);

    private static IndexedAddress Read(JsonElement value, NodeCall call)
    {
        AddressCodec.TryDecode(value.AsStr(), call.Node.Network.Prefixes, out var destination, out _);
        return destination switch
        {
            Destination.PubKeyHash key => new IndexedAddress(AddressType.PubKeyHash, key.KeyId),
            Destination.ScriptHash script => new IndexedAddress(AddressType.ScriptHash, script.ScriptId),
            _ => throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid address"),
        };
    }
}
