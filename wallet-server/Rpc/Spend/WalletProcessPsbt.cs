using System.Text.Json;
using Dash.Primitives.Psbt;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

internal static class WalletProcessPsbt
{
    private static readonly RpcArg<string> Text = Arg.Str("psbt", "The PSBT in base64.");
    private static readonly RpcArg<bool> Sign = Arg.Bool("sign", fallback: true, "Sign too; the wallet must be unlocked.");
    private static readonly RpcArg<JsonElement> HashType = SigningArgs.HashType();
    private static readonly RpcArg<bool> Origins = Arg.Bool("bip32derivs", fallback: true, "Tell where the wallet's keys come from.");
    private static readonly RpcArg<bool> Finish = Arg.Bool("finalize", fallback: true, "Finish inputs that are complete.");

    public static readonly WalletMethod Method = new("wallet", "walletprocesspsbt",
        "Adds to a PSBT what the wallet knows of its inputs and outputs, and signs what it can." + WalletMethod.RequiresPassphrase)
    {
        Args = [Text, Sign, HashType, Origins, Finish],
        Results =
        [
            Result.Obj(
                Result.Str("psbt", "The PSBT in base64."),
                Result.Bool("complete", "Whether all inputs are finished.")),
        ],
        Examples = [Example.Cli("\"psbt\"")],
        Signs = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var text = call.Get(Text);
        var wallet = await call.SyncedWalletAsync(ct);
        if (!PartiallySignedTransaction.TryParse(text, out var psbt, out var error))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed " + error);
        }

        var type = SigningJson.ReadHashType(call.Raw(HashType));
        var signs = call.Get(Sign);
        var fill = new PsbtFill(type, signs, call.Get(Origins), call.Get(Finish));
        if (signs)
        {
            call.RequireKeys(wallet);
        }

        var isComplete = await wallet.FillAsync(psbt, fill, call.SignerOf(wallet), ct);
        result.WriteStartObject();
        result.WriteString("psbt", psbt.ToBase64());
        result.WriteBoolean("complete", isComplete);
        result.WriteEndObject();
    }
}
