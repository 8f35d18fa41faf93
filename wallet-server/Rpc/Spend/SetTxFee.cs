using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Spend;

internal static class SetTxFee
{
    private static readonly RpcArg<Amount> Rate = Arg.Amount(
        "amount", "The fee rate in DASH per 1,000 bytes; 0 for estimates again.");

    public static readonly WalletMethod Method = new("wallet", "settxfee",
        "Sets the fee rate of this wallet's payments in place of -paytxfee, until the wallet is unloaded.")
    {
        Args = [Rate],
        Results = [Result.Bool("", "True.")],
        Examples = [Example.Cli("0.00001"), Example.Rpc("0.00001")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var settings = wallet.Snapshot.Settings;
        var rate = new FeeRate(call.Get(Rate).Duffs);
        if (!rate.IsZero)
        {
            var relay = await call.Context.Spender.MinRelayAsync(ct);
            var most = new FeeRate(settings.MaxTxFee.Duffs);
            if (rate < relay)
            {
                throw Refused($"txfee cannot be less than min relay tx fee ({Text(relay)})");
            }

            if (rate < settings.MinTxFee)
            {
                throw Refused($"txfee cannot be less than wallet min fee ({Text(settings.MinTxFee)})");
            }

            if (rate > most)
            {
                throw Refused($"txfee cannot be more than wallet max tx fee ({Text(most)})");
            }
        }

        wallet.PayTxFee = rate;
        result.WriteBooleanValue(true);
    }

    private static string Text(FeeRate rate) => $"{new Amount(rate.DuffsPerKb)} DASH/kB";

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
