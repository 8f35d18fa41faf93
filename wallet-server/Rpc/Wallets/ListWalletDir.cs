using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class ListWalletDir
{
    public static readonly WalletMethod Method = new("wallet", "listwalletdir",
        "The wallets in the wallet directory, loaded or not.")
    {
        Results =
        [
            Result.Obj(Result.Arr("wallets", "", Result.Obj("", "", Result.Str("name", "A wallet's name.")))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStartObject();
        result.WriteStartArray("wallets");
        foreach (var name in call.Context.Wallets.ListFiles().Order(StringComparer.Ordinal))
        {
            result.WriteStartObject();
            result.WriteString("name", name);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
