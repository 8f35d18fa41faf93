using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Wallets;

/// <summary>What methods that load a wallet answer.</summary>
internal static class OpenedWalletJson
{
    /// <summary>Its declaration.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.Obj(
            Result.Str("name", "The wallet's name."),
            Result.Str("warning", "What the user should know; several lines if there is more.")),
    ];

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter result, string name, IEnumerable<string> warnings)
    {
        result.WriteStartObject();
        result.WriteString("name", name);
        result.WriteString("warning", string.Join('\n', warnings));
        result.WriteEndObject();
    }
}
