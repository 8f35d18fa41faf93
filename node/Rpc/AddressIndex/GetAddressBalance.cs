using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.AddressIndex;

internal static class GetAddressBalance
{
    public static readonly NodeMethod Method = new("addressindex", "getaddressbalance", "What addresses have and got. Needs -addressindex.")
    {
        Args = [AddressIndexArgs.Addresses],
        Results =
        [
            Result.Obj(
                Result.Num("balance", "What they have, in duffs."),
                Result.Num("balance_immature", "The part of it that coinbases paid too recently to be spent."),
                Result.Num("balance_spendable", "The rest."),
                Result.Num("received", "All they ever got, change with it.")),
        ],
        Examples = AddressIndexArgs.Examples,
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var addresses = AddressIndexArgs.Read(call);
        var index = AddressIndexArgs.RequireIndex(call);
        var height = call.View.Height;
        long balance = 0, immature = 0, received = 0;
        foreach (var delta in addresses.SelectMany(address => index.Deltas(address, 0, 0)))
        {
            received += Math.Max(0, delta.Duffs);
            balance += delta.Duffs;
            if (delta.Position == 0 && height - delta.Height < Limits.CoinbaseMaturity)
            {
                immature += delta.Duffs;
            }
        }

        result.WriteStartObject();
        result.WriteNumber("balance", balance);
        result.WriteNumber("balance_immature", immature);
        result.WriteNumber("balance_spendable", balance - immature);
        result.WriteNumber("received", received);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
