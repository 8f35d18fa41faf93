using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class SetLabel
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "An address, the wallet's own or not.");
    private static readonly RpcArg<string> Label = Arg.Str("label", "What the address book is to call it.");

    public static readonly WalletMethod Method = new(
        "wallet", "setlabel", "Puts an address into the address book under a label.")
    {
        Args = [Address, Label],
        Results = [Result.None()],
        Examples = [Example.Cli($"\"{Example.Address}\" \"tabby\""), Example.Rpc($"\"{Example.Address}\", \"tabby\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var destination = WalletCall.RequireDestination(call.Get(Address), wallet.Snapshot);
        var label = call.GetLabel(Label);
        var address = AddressCodec.Encode(destination, wallet.Snapshot.Chain.Prefixes);
        await wallet.LabelAsync(address, destination.ToScript(), label, ct);
    }
}
