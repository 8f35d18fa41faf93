using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.AddressIndex;

internal static class GetAddressUtxos
{
    public static readonly NodeMethod Method = new("addressindex", "getaddressutxos", "The unspent outputs of addresses. Needs -addressindex.")
    {
        Args = [AddressIndexArgs.Addresses],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Str("address", "The address."),
                Result.Hex("txid", "The transaction."),
                Result.Num("outputIndex", "Number of the output."),
                Result.Hex("script", "Its script."),
                Result.Num("satoshis", "Its value in duffs."),
                Result.Num("height", "Height of its block."))),
        ],
        Examples = AddressIndexArgs.Examples,
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var addresses = AddressIndexArgs.Read(call);
        var index = AddressIndexArgs.RequireIndex(call);
        result.WriteStartArray();
        foreach (var coin in addresses.SelectMany(index.Coins).OrderBy(static coin => coin.Height))
        {
            result.WriteStartObject();
            result.WriteString("address", AddressIndexArgs.TextOf(coin.Address, call));
            result.WriteHash("txid", coin.OutPoint.Txid);
            result.WriteNumber("outputIndex", coin.OutPoint.Index);
            result.WriteHex("script", coin.Script.Span);
            result.WriteNumber("satoshis", coin.Duffs);
            result.WriteNumber("height", coin.Height);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
