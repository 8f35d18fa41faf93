using System.Text.Json;
using Dash.Primitives.Keys;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class SignMessageWithPrivKey
{
    private static readonly RpcArg<string> Key = Arg.Str("privkey", "The private key in base58.");
    private static readonly RpcArg<string> Message = Arg.Str("message", "The text.");

    public static readonly NodeMethod Method = new("util", "signmessagewithprivkey", "Signs a text with a private key.")
    {
        Args = [Key, Message],
        Results = [Result.Str("signature", "The signature in base64.")],
        Examples =
        [
            Example.Cli("Sign", "\"privkey\" \"my message\""),
            Example.Rpc("\"privkey\", \"my message\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var text = call.Get(Key);
        var message = call.Get(Message);
        if (!Wif.TryDecode(text, call.Node.Network.Prefixes.Wif, out var key))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid private key");
        }

        using (key)
        {
            result.WriteStringValue(SignedMessage.Sign(key, message));
        }

        return ValueTask.CompletedTask;
    }
}
