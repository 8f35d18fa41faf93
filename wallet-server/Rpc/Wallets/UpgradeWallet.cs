using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class UpgradeWallet
{
    private static readonly RpcArg<int> Version = Arg.Int("version", fallback: WalletUpgrades.Latest, "The version to upgrade to.");

    public static readonly WalletMethod Method = new("wallet", "upgradewallet",
        "Lets the wallet use what later versions brought. Make a new backup afterwards." + WalletMethod.RequiresPassphrase)
    {
        Args = [Version],
        Results =
        [
            Result.Obj(
                Result.Str("wallet_name", "The wallet's name."),
                Result.Num("previous_version", "Its version before."),
                Result.Num("current_version", "Its version now."),
                Result.Str("result", "What was done.", optional: true),
                Result.Str("error", "Why nothing was done.", optional: true)),
        ],
        Examples = [Example.Cli("120200"), Example.Rpc("120200")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        FundingArgs.RequireType(call, Version, "number");
        WalletCall.RequireUnlocked(wallet);
        var version = call.Has(Version) ? call.Get(Version) : 0;
        var before = wallet.Snapshot.Version;
        var (outcome, error) = await wallet.UpgradeAsync(version, ct);
        result.WriteStartObject();
        result.WriteString("wallet_name", wallet.Name);
        result.WriteNumber("previous_version", before);
        result.WriteNumber("current_version", wallet.Snapshot.Version);
        result.WriteString(error is null ? "result" : "error", error ?? outcome);
        result.WriteEndObject();
    }
}
