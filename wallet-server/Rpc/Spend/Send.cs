using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

internal static class Send
{
    private static readonly RpcArg<JsonElement> Outputs = FundingArgs.Outputs();
    private static readonly RpcArg<JsonElement> ConfirmTarget = Arg.OptionalAny("conf_target", ArgKind.Num,
        "Within how many blocks it should be confirmed.") with { DefaultText = "wallet -txconfirmtarget" };

    private static readonly RpcArg<JsonElement> EstimateMode = Arg.OptionalAny("estimate_mode", ArgKind.Str,
        "How sure the estimate is to be, in whatever case:\n\"unset\"\n\"economical\"\n\"conservative\"") with { DefaultText = "\"unset\"" };

    private static readonly RpcArg<JsonElement> Rate = Arg.OptionalAny("fee_rate", ArgKind.Amount,
        "A fee rate in duffs per byte.") with { DefaultText = "not set, fall back to wallet fee estimation" };

    private static readonly RpcArg<JsonElement> Options = Arg.OptionalAny("options", ArgKind.Object, "How.",
        [
            FundingArgs.AddInputs(fallback: false),
            FundingArgs.IncludeUnsafe(),
            Arg.Bool("add_to_wallet", fallback: true, "Send it. When false, a transaction that is complete is returned instead."),
            FundingArgs.ChangeAddress("change_address"),
            FundingArgs.ChangePosition("change_position"),
            FeeArgs.ConfirmTarget,
            FeeArgs.EstimateMode,
            FundingArgs.Rate(),
            FundingArgs.IncludeWatching("include_watching"),
            FundingArgs.Inputs() with { DefaultText = "[]" },
            Arg.Long("locktime", 0, "Earliest height or time; makes the inputs not final."),
            FundingArgs.LockUnspents("lock_unspents"),
            Arg.OptionalBool("psbt", "Always return a PSBT, and do not send.", hint: "automatic"),
            FundingArgs.SubtractFrom("subtract_fee_from_outputs"),
            FundingArgs.SolvingData(),
        ]) with { OneLine = "options" };

    public static readonly WalletMethod Method = new("wallet", "send",
        "Makes a transaction, signs what it can, and sends it if it is complete." + WalletMethod.RequiresPassphrase)
    {
        Args = [Outputs, ConfirmTarget, EstimateMode, Rate, Options],
        Results =
        [
            Result.Obj(
                Result.Bool("complete", "Whether all inputs are signed."),
                Result.Hex("txid", "The transaction's id, if it is complete.", optional: true),
                Result.Hex("hex", "The transaction, if it is complete and was not sent.", optional: true),
                Result.Str("psbt", "The PSBT, if more signatures are needed or it was not sent.", optional: true)),
        ],
        Examples =
        [
            Example.Cli("With a fee rate of 1 duff per byte", $"'{{\"{Example.Address}\": 0.1}}' null \"unset\" 1"),
            Example.Cli("The same by an option", $"'{{\"{Example.Address}\": 0.1}}' null \"unset\" null '{{\"fee_rate\": 1}}'"),
            Example.CliNamed($"outputs='{{\"{Example.Address}\": 0.1}}' fee_rate=25"),
        ],
        Spends = true,
        Signs = true,
        Handler = HandleAsync,
    };

    private static readonly (string Old, string New)[] Renamed =
    [
        ("feeRate", "fee_rate (duff/B) instead of feeRate"),
        ("changeAddress", "change_address"),
        ("changePosition", "change_position"),
        ("includeWatching", "include_watching"),
        ("lockUnspents", "lock_unspents"),
        ("subtractFeeFromOutputs", "subtract_fee_from_outputs"),
    ];

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        FundingArgs.RequireType(call, ConfirmTarget, "number");
        FundingArgs.RequireType(call, EstimateMode, "string");
        FundingArgs.RequireType(call, Options, "object");
        var wallet = call.Wallet();
        var options = ReadOptions(call);
        var wantsPsbt = options.Has("psbt") && options["psbt"].AsBool();
        var lockTime = options["locktime"];
        var tx = TransactionArgs.Construct(
            options["inputs"], call.Raw(Outputs), lockTime.IsAbsent() ? 0 : lockTime.AsLong(), wallet.Snapshot.Chain.Prefixes);
        options.TakeSizes(options["inputs"]);
        await call.Context.Sync.SyncedAsync(wallet, ct);
        options.Read(wallet.Snapshot, tx, addsInputs: tx.Inputs.IsEmpty, overridesMinimum: false);

        // Before anything is taken: an argument that cannot be read changes nothing.
        var addsToWallet = !options.Has("add_to_wallet") || options["add_to_wallet"].AsBool();
        using var funded = await call.Context.Spender.FundAsync(
            wallet, tx, options.Bearers, options.Control, options.LocksCoins, isSent: addsToWallet && !wantsPsbt, ct);

        var psbt = new PartiallySignedTransaction(funded.Tx);
        await wallet.FillAsync(psbt, new PsbtFill(SigHashType.All, Signs: false, TellsOrigins: true, Finishes: true), call.SignerOf(wallet), ct);
        await wallet.FillAsync(psbt, new PsbtFill(SigHashType.All, Signs: true, TellsOrigins: false, Finishes: true), call.SignerOf(wallet), ct);
        var isComplete = PsbtSigner.TryExtract(psbt, out var signed);
        var isSpent = isComplete && addsToWallet && !wantsPsbt;
        await wallet.KeepAsync(funded, isSpent, ct);

        result.WriteStartObject();
        if (wantsPsbt || !isComplete || !addsToWallet)
        {
            result.WriteString("psbt", psbt.ToBase64());
        }

        if (signed is not null)
        {
            await FinishAsync(call, wallet, signed, isSpent ? funded : null, result, ct);
        }

        result.WriteBoolean("complete", isComplete);
        result.WriteEndObject();
    }

    private static async ValueTask FinishAsync(
        WalletCall call, Wallet wallet, Transaction signed, FundedTransaction? sent, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteHash("txid", signed.Txid);
        if (sent is not null)
        {
            await call.Context.Spender.CommitAsync(wallet, signed, sent, ct);
        }
        else
        {
            result.WriteHex("hex", signed.ToBytes());
        }
    }

    // Fees may be given in either place, but not in both.
    private static FundingOptions ReadOptions(WalletCall call)
    {
        var options = new FundingOptions(call.Raw(Options));
        if (options.Has("estimate_mode") || options.Has("conf_target"))
        {
            if (call.Has(ConfirmTarget) || call.Has(EstimateMode))
            {
                throw Refused("Pass conf_target and estimate_mode either as arguments or in the options object, but not both");
            }
        }
        else
        {
            options.Set("conf_target", call.Raw(ConfirmTarget));
            options.Set("estimate_mode", call.Raw(EstimateMode));
        }

        if (!options.Has("fee_rate"))
        {
            options.Set("fee_rate", call.Raw(Rate));
        }
        else if (call.Has(Rate))
        {
            throw Refused("Pass the fee_rate either as an argument, or in the options object, but not both");
        }

        if (!options["conf_target"].IsAbsent() && (options["estimate_mode"].IsAbsent() || options["estimate_mode"].AsStr() == "unset"))
        {
            throw Refused("Specify estimate_mode");
        }

        foreach (var (older, newer) in Renamed)
        {
            if (options.Has(older))
            {
                throw Refused("Use " + newer);
            }
        }

        return options;
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
