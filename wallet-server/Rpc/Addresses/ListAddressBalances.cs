using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class ListAddressBalances
{
    // A number in help and for dash-cli, an amount when it is read.
    private static readonly RpcArg<Amount> MinAmount = Arg.Amount(
        "minamount", Amount.Zero, "Leave out addresses that hold less, in DASH.") with
    {
        Kind = ArgKind.Num,
        DefaultText = "0",
    };

    public static readonly WalletMethod Method = new("wallet", "listaddressbalances",
        "What the addresses of the wallet hold.")
    {
        Args = [MinAmount],
        Results =
        [
            Result.ObjDyn("", "An object whose members are named by the addresses.",
                Result.Amount("address", "What it holds, in DASH.")),
        ],
        Examples = [Example.Cli(), Example.Cli("10"), Example.Rpc(), Example.Rpc("10")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        using var view = call.OpenView(wallet);
        var least = call.Get(MinAmount);
        result.WriteStartObject();
        foreach (var (payee, amount) in AddressBalances.Of(view, ct))
        {
            if (amount >= least)
            {
                result.WriteAmount(payee.ToText(view.Snapshot.Chain.Prefixes), amount);
            }
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
