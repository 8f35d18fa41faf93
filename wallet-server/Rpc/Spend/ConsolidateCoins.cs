using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Scripts;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Rpc.Spend;

internal static class ConsolidateCoins
{
    private const int MostInputs = 670;

    private static readonly RpcArg<Amount> MaxAmount = Arg.Amount("max_amount", "Coins of this many DASH or less are small.");
    private static readonly RpcArg<string?> Address = Arg.OptionalStr("address", "Where to: an address of this wallet.", hint: "a new change address");
    private static readonly RpcArg<int> MaxInputs = Arg.Int("max_inputs", fallback: 500, "How many coins at most, 2 to 670. No transaction is larger than the network relays.");
    private static readonly RpcArg<int> MinConf = Arg.Int("minconf", fallback: 1, "Least confirmations of a coin.");
    private static readonly RpcArg<bool> IncludeMixed = Arg.Bool("include_mixed", fallback: false, "Take coins of CoinJoin's denominations too, mixed or not.");
    private static readonly RpcArg<bool> AllowForeign = Arg.Bool("allow_foreign", fallback: false, "Let the address be anybody's.");
    private static readonly RpcArg<bool> DryRun = Arg.Bool("dry_run", fallback: false, "Say what would be done, and do nothing.");

    private static readonly RpcArg<RpcObject?> Options = Arg.OptionalObject("options", "How.",
        MaxInputs, MinConf, IncludeMixed, AllowForeign, DryRun, FeeArgs.ConfirmTarget, FeeArgs.EstimateMode, FeeArgs.Rate);

    public static readonly WalletMethod Method = new("wallet", "consolidatecoins",
        "Joins small coins to a single one, the smallest first, in one transaction; call it again while \"remaining\" is not 0.\n" +
        "Coins that are set aside, masternode collaterals and coins of CoinJoin's denominations are left alone, and so is what would cost\n" +
        "more to spend than it is worth. In a wallet that avoids reuse all coins of an address are joined or none, and money on\n" +
        "addresses that were spent from stays where it is." + WalletMethod.RequiresPassphrase)
    {
        IsAddition = true,
        Args = [MaxAmount, Address, Options],
        Results =
        [
            Result.Obj(
                Result.Hex("txid", "The transaction's id; not with dry_run.", optional: true),
                Result.Num("inputs", "How many coins are joined.", optional: true),
                Result.Amount("amount", "How much the new coin is.", optional: true),
                Result.Amount("fee", "What the miner gets.", optional: true),
                Result.Num("size", "Size of the transaction in bytes, estimated.", optional: true),
                Result.Num("remaining", "Small coins that are left for further calls.", optional: true),
                Result.Num("worthless", "Small coins that cost more to spend at this fee rate than they are worth.", optional: true)),
        ],
        Examples =
        [
            Example.Cli("What joining all coins up to 0.01 DASH would cost", "0.01 null '{\"dry_run\": true}'"),
            Example.Cli("Doing it, 100 at a time, at 1 duff per byte", "0.01 null '{\"max_inputs\": 100, \"fee_rate\": 1}'"),
            Example.Rpc("0.01"),
        ],
        Spends = true,
        Signs = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var options = call.Get(Options);
        var wish = Read(call, options, wallet.Snapshot);
        var isDryRun = options?.Get(DryRun) ?? false;
        if (!isDryRun)
        {
            call.RequireKeys(wallet);
        }

        var (sent, chosen) = await call.Context.Spender.ConsolidateAsync(wallet, wish, isDryRun, ct);
        result.WriteStartObject();
        if (!isDryRun)
        {
            result.WriteHash("txid", sent.Txid);
        }

        result.WriteNumber("inputs", chosen.Coins.Count);
        result.WriteAmount("amount", chosen.Sum - sent.Payment.Fee);
        result.WriteAmount("fee", sent.Payment.Fee);
        result.WriteNumber("size", sent.Payment.Size);
        result.WriteNumber("remaining", chosen.Left);
        result.WriteNumber("worthless", chosen.Worthless);
        result.WriteEndObject();
    }

    private static ConsolidationWish Read(WalletCall call, RpcObject? options, WalletSnapshot snapshot)
    {
        var largest = call.Get(MaxAmount);
        var most = options?.Get(MaxInputs) ?? MaxInputs.Fallback;
        var depth = options?.Get(MinConf) ?? MinConf.Fallback;
        if (largest <= Amount.Zero)
        {
            throw new RpcError(RpcErrorCode.Type, "Invalid amount");
        }

        if (most is < 2 or > MostInputs || depth < 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"max_inputs must be 2 to {MostInputs}, and minconf not negative");
        }

        Script? to = null;
        if (call.Get(Address) is { } address)
        {
            to = WalletCall.RequireDestination(address, snapshot, "Invalid Dash address: " + address).ToScript();
            if (!snapshot.IsMine(to) && !(options?.Get(AllowForeign) ?? false))
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Address is not of this wallet; allow_foreign lets it be");
            }
        }

        CoinControl control = new() { MinDepth = depth };
        return new ConsolidationWish
        {
            Largest = largest,
            MostInputs = most,
            IncludesMixed = options?.Get(IncludeMixed) ?? false,
            To = to,
            Control = options is null
                ? control
                : FeeArgs.Read(options.Raw(FeeArgs.ConfirmTarget), options.Raw(FeeArgs.EstimateMode), options.Raw(FeeArgs.Rate), control, overridesMinimum: false),
        };
    }
}
