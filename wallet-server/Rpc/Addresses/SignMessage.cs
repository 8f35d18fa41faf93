using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class SignMessage
{
    // Kept from the network's first name, so that no signed message can be a transaction.
    private const string Magic = "DarkCoin Signed Message:\n";

    private static readonly RpcArg<string> Address = Arg.Str("address", "An address of the wallet whose key signs.");
    private static readonly RpcArg<string> Message = Arg.Str("message", "What to sign.");

    public static readonly WalletMethod Method = new("wallet", "signmessage",
        "Signs a text with the private key of an address." + WalletMethod.RequiresPassphrase)
    {
        Args = [Address, Message],
        Results = [Result.Str("signature", "The signature in base64.")],
        Examples =
        [
            Example.Cli("Sign", $"\"{Example.Address}\" \"my message\""),
            Example.Rpc("The same over HTTP", $"\"{Example.Address}\", \"my message\""),
        ],
        Signs = true,
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        call.RequireKeys(wallet);
        var address = call.Get(Address);
        var message = call.Get(Message);
        var destination = WalletCall.RequireDestination(address, wallet.Snapshot, "Invalid address");
        if (destination is not Destination.PubKeyHash { KeyId: var id })
        {
            throw new RpcError(RpcErrorCode.Type, "Address does not refer to key");
        }

        var place = wallet.Snapshot.FindKey(destination.ToScript());
        using var key = place?.Keychain.PrivateKeyAt(place.Value.Index, id, call.OwnKeys ?? wallet.Keys)
            ?? throw new RpcError(RpcErrorCode.Wallet, "Private key not available");
        result.WriteStringValue(Convert.ToBase64String(key.SignCompact(HashOf(message))));
        return ValueTask.CompletedTask;
    }

    private static Uint256 HashOf(string message)
    {
        var writer = new ByteWriter();
        writer.WriteString(Magic);
        writer.WriteString(message);
        return Hashes.Sha256d(writer.WrittenSpan);
    }
}
