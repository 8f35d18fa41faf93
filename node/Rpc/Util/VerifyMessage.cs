using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Keys;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class VerifyMessage
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "Whose signature it should be.");
    private static readonly RpcArg<string> Signature = Arg.Str("signature", "The signature in base64, as signmessage gives it.");
    private static readonly RpcArg<string> Message = Arg.Str("message", "The text.");

    public static readonly NodeMethod Method = new("util", "verifymessage", "Whether the owner of an address has signed a text.")
    {
        Args = [Address, Signature, Message],
        Results = [Result.Bool("", "Whether the signature is good.")],
        Examples =
        [
            Example.Cli("Verify", $"\"{Example.Address}\" \"signature\" \"my message\""),
            Example.Rpc($"\"{Example.Address}\", \"signature\", \"my message\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var address = call.Get(Address);
        var signature = call.Get(Signature);
        var message = call.Get(Message);
        if (!AddressCodec.TryDecode(address, call.Node.Network.Prefixes, out var destination, out _))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid address");
        }

        if (destination is not Destination.PubKeyHash { KeyId: var id })
        {
            throw new RpcError(RpcErrorCode.Type, "Address does not refer to key");
        }

        result.WriteBooleanValue(SignedMessage.Verify(id, signature, message) switch
        {
            SignedMessageVerdict.MalformedSignature => throw new RpcError(RpcErrorCode.Type, "Malformed base64 encoding"),
            var verdict => verdict == SignedMessageVerdict.Ok,
        });
        return ValueTask.CompletedTask;
    }
}
