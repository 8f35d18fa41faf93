using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

internal static class WalletCreateFundedPsbt
{
    private static readonly RpcArg<JsonElement> Inputs = FundingArgs.Inputs();
    private static readonly RpcArg<JsonElement> Outputs = FundingArgs.Outputs();
    private static readonly RpcArg<long> LockTime = Arg.Long("locktime", 0, "Earliest height or time; makes the inputs not final.");

    private static readonly RpcArg<JsonElement> Options = Arg.OptionalAny("options", ArgKind.Object, "How.",
        FundingArgs.Older(addsInputs: false, "not set: makes wallet determine the fee")) with { OneLine = "options" };

    private static readonly RpcArg<bool> Origins = Arg.Bool("bip32derivs", fallback: true, "Tell where the wallet's keys come from.");

    public static readonly WalletMethod Method = new("wallet", "walletcreatefundedpsbt",
        "Makes a PSBT that pays, with inputs and change of the wallet; nothing is signed.\n" +
        "Without inputs coins are chosen.")
    {
        Args = [Inputs, Outputs, LockTime, Options, Origins],
        Results =
        [
            Result.Obj(
                Result.Str("psbt", "The PSBT in base64."),
                Result.Amount("fee", "What the miner gets."),
                Result.Num("changepos", "Place of the change output, -1 if there is none.")),
        ],
        Examples = [Example.Cli("\"[{\\\"txid\\\":\\\"myid\\\",\\\"vout\\\":0}]\" \"[{\\\"data\\\":\\\"00010203\\\"}]\"")],
        Spends = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        FundingArgs.RequireType(call, Inputs, "array");
        FundingArgs.RequireType(call, LockTime, "number");
        FundingArgs.RequireType(call, Options, "object");
        FundingArgs.RequireType(call, Origins, "bool");
        var wallet = await call.SyncedWalletAsync(ct);
        var inputs = call.Raw(Inputs);
        var options = new FundingOptions(call.Raw(Options));
        var tx = TransactionArgs.Construct(inputs, call.Raw(Outputs), call.Get(LockTime), wallet.Snapshot.Chain.Prefixes);
        options.TakeSizes(inputs);
        options.Read(wallet.Snapshot, tx, addsInputs: tx.Inputs.IsEmpty, overridesMinimum: true);
        using var funded = await call.Context.Spender.FundAsync(
            wallet, tx, options.Bearers, options.Control, options.LocksCoins, isSent: false, ct);
        var psbt = new PartiallySignedTransaction(funded.Tx);
        await wallet.FillAsync(psbt, new PsbtFill(SigHashType.All, Signs: false, call.Get(Origins), Finishes: true), wallet.Signer, ct);
        await wallet.KeepAsync(funded, isSpent: false, ct);
        result.WriteStartObject();
        result.WriteString("psbt", psbt.ToBase64());
        result.WriteAmount("fee", funded.Payment.Fee);
        result.WriteNumber("changepos", funded.Payment.ChangePosition);
        result.WriteEndObject();
    }
}
