using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class ListAddressGroupings
{
    public static readonly WalletMethod Method = new("wallet", "listaddressgroupings",
        "Addresses of the wallet that everybody can tell have one owner, in groups: payments spent from them together,\n" +
        "or gave them the change.")
    {
        Results =
        [
            Result.Arr("", "",
                Result.Arr("", "A group.",
                    Result.ArrFixed("", "An address without label.",
                        Result.Str("address", "The address."),
                        Result.Amount("amount", "What it holds, in DASH.")),
                    Result.ArrFixed("", "An address with a label.",
                        Result.Str("address", "The address."),
                        Result.Amount("amount", "What it holds, in DASH."),
                        Result.Str("label", "The label.")))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Lane = RpcLane.Heavy,
        Reflects = WholeWallet.StateAsync,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        using var view = call.OpenView(wallet);
        var balances = AddressBalances.Of(view, ct);
        result.WriteStartArray();
        foreach (var group in AddressGroups.Of(view, ct))
        {
            result.WriteStartArray();
            foreach (var member in group)
            {
                var address = AddressCodec.Encode(member, view.Snapshot.Chain.Prefixes);
                result.WriteStartArray();
                result.WriteStringValue(address);
                result.WriteAmountValue(balances.GetValueOrDefault(member, Amount.Zero));
                if (view.Snapshot.AddressBook.FindNamed(address) is { Label: { } label })
                {
                    result.WriteStringValue(label);
                }

                result.WriteEndArray();
            }

            result.WriteEndArray();
        }

        result.WriteEndArray();
    }
}
