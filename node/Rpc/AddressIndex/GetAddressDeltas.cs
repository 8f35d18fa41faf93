using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.AddressIndex;

internal static class GetAddressDeltas
{
    public static readonly NodeMethod Method = new("addressindex", "getaddressdeltas",
        "All that addresses got and spent. With members start and end in the object, only between these heights. Needs -addressindex.")
    {
        Args = [AddressIndexArgs.Addresses],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Num("satoshis", "What came, in duffs; negative for what went."),
                Result.Hex("txid", "The transaction."),
                Result.Num("index", "Number of the output or input."),
                Result.Num("blockindex", "The transaction's place in its block."),
                Result.Num("height", "The block's height."),
                Result.Str("address", "The address."))),
        ],
        Examples = AddressIndexArgs.Examples,
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var (first, last) = AddressIndexArgs.ReadHeights(call, needsObject: true);
        var addresses = AddressIndexArgs.Read(call);
        var index = AddressIndexArgs.RequireIndex(call);
        result.WriteStartArray();
        foreach (var delta in addresses.SelectMany(address => index.Deltas(address, first, last)))
        {
            result.WriteStartObject();
            result.WriteNumber("satoshis", delta.Duffs);
            result.WriteHash("txid", delta.Txid);
            result.WriteNumber("index", delta.Index);
            result.WriteNumber("blockindex", delta.Position);
            result.WriteNumber("height", delta.Height);
            result.WriteString("address", AddressIndexArgs.TextOf(delta.Address, call));
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
