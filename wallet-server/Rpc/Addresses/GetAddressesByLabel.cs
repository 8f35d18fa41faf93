using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class GetAddressesByLabel
{
    private static readonly RpcArg<string> Label = Arg.Str("label", "The label.");

    public static readonly WalletMethod Method = new("wallet", "getaddressesbylabel", "The addresses under a label.")
    {
        Args = [Label],
        Results =
        [
            Result.ObjDyn("", "An object whose members are named by the addresses.",
                Result.Obj("address", "About the address.",
                    Result.Str("purpose", "\"receive\" for an address of this wallet, \"send\" for one of others."))),
        ],
        Examples = [Example.Cli("\"tabby\""), Example.Rpc("\"tabby\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var snapshot = call.SnapshotOf(call.Wallet());
        var label = call.GetLabel(Label);
        var found = snapshot.AddressBook.WithLabel(label).ToList();
        if (found.Count == 0)
        {
            throw new RpcError(RpcErrorCode.InvalidLabelName, "No addresses with label " + label);
        }

        result.WriteStartObject();
        foreach (var (address, entry) in found.OrderBy(item => DestinationOf(item.Key), DestinationOrder.Instance))
        {
            result.WriteStartObject(address);
            result.WriteString("purpose", entry.Purpose);
            result.WriteEndObject();
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;

        Destination? DestinationOf(string address) =>
            AddressCodec.TryDecode(address, snapshot.Chain.Prefixes, out var destination, out _) ? destination : null;
    }
}
