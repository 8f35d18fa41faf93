using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Ledger;

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

    /// <summary>Writes it, with what the node's settings mean for the wallet.</summary>
    public static async ValueTask WriteAsync(
        WalletCall call, Utf8JsonWriter result, string name, IEnumerable<string> warnings, CancellationToken ct)
    {
        if (call.Context.Node.Session is { } session && (await session.MinRelayAsync(ct)).DuffsPerKb > WalletSettings.HighRate)
        {
            warnings = warnings.Append(
                WalletSettings.HighRelayWarning);
        }

        result.WriteStartObject();
        result.WriteString("name", name);
        result.WriteString("warning", string.Join('\n', warnings));
        result.WriteEndObject();
    }
}
