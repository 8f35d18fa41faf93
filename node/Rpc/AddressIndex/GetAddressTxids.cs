using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.AddressIndex;

internal static class GetAddressTxids
{
    public static readonly NodeMethod Method = new("addressindex", "getaddresstxids",
        "The transactions that pay or spend from addresses, by height. With members start and end in the object, only between these heights. "
        + "Needs -addressindex.")
    {
        Args = [AddressIndexArgs.Addresses],
        Results = [Result.Arr("", "", Result.Hex("transactionid", "A transaction."))],
        Examples = AddressIndexArgs.Examples,
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var addresses = AddressIndexArgs.Read(call);
        var (first, last) = AddressIndexArgs.ReadHeights(call, needsObject: false);
        var index = AddressIndexArgs.RequireIndex(call);
        var found = addresses
            .SelectMany(address => index.Deltas(address, first, last))
            .Select(static delta => (delta.Height, Txid: delta.Txid.ToString()))
            .Distinct();

        // Of one address they are in the order of the chain; of several in the order of height and digits.
        if (addresses.Count > 1)
        {
            found = found.OrderBy(static tx => tx.Height).ThenBy(static tx => tx.Txid, StringComparer.Ordinal);
        }

        result.WriteStartArray();
        foreach (var (_, txid) in found)
        {
            result.WriteStringValue(txid);
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
