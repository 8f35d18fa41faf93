using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

internal static class LockUnspent
{
    private const string ExampleCoin =
        "[{\"txid\":\"a08e6907dbbd3d809776dbfc5d82e371b764ed838b5655e72f463568df1aadf0\",\"vout\":1}]";

    private static readonly RpcArg<bool> Unlock = Arg.Bool("unlock", "True frees coins, false sets them aside.");

    private static readonly RpcArg<JsonElement> Transactions = Arg.OptionalAny(
        "transactions", ArgKind.Array, "Which coins.",
        Arg.Object("", "",
            Arg.Hash("txid", "The coin's transaction."),
            Arg.Int("vout", "Which of its outputs."))) with { DefaultText = "[]" };

    private static readonly RpcArg<bool> Persistent = Arg.Bool("persistent", fallback: false,
        "Write into the wallet's file that the coins are set aside. Freed coins are always taken out of it.");

    public static readonly WalletMethod Method = new("wallet", "lockunspent",
        "Sets coins aside (unlock=false) so that no payment picks them by itself, or frees them (unlock=true).\n" +
        "To free without a list frees all.\n" +
        "Coins set aside stay so until the wallet is unloaded, or for good with persistent=true.")
    {
        Args = [Unlock, Transactions, Persistent],
        Results = [Result.Bool("", "True.")],
        Examples =
        [
            Example.Cli("Set a coin aside", $"false '{ExampleCoin}'"),
            Example.Cli("Free it", $"true '{ExampleCoin}'"),
            Example.Cli("Set it aside for good", $"false '{ExampleCoin}' true"),
            Example.Rpc("The same over HTTP", $"false, {ExampleCoin}"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var unlock = call.Get(Unlock);
        var persistent = call.Get(Persistent);
        if (call.Has(Transactions))
        {
            List<OutPoint> coins = [.. call.Raw(Transactions).AsArray().EnumerateArray().Select(WalletArgs.ReadOutPoint)];
            await wallet.LockCoinsAsync(coins, unlock, persistent, ct);
        }
        else if (unlock)
        {
            await wallet.UnlockAllCoinsAsync(ct);
        }

        result.WriteBooleanValue(true);
    }
}
