using System.Globalization;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>What the same payments out of the same coins cost here and in dashd, which both choose by chance: the mean of several tries.</summary>
internal static class FeesBesideDashd
{
    private const int Tries = 20;
    private const int Payments = 12;
    private const double Least = 0.001;
    private const double Most = 3.5; // of 200 coins nearly all

    /// <summary>Asks both, where there is a dashd.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        if (Programs.Dashd is not { } dashd)
        {
            return;
        }

        foreach (var name in (string[])["200", "20000"])
        {
            var size = WalletSize.Parse(name);
            await using var ours = await WalletStage.StartAsync(stage.Folder, size);
            await using var theirs = await WalletStage.StartDashdAsync(dashd, stage.Folder, size);
            await ours.Daemon.CallAsync("/", "loadwallet", "[\"bench\"]");
            await theirs.Daemon.CallAsync("/", "loadwallet", "[\"bench\"]");
            foreach (var rate in (int[])[1, 20])
            {
                List<(double Amount, decimal Ours, decimal Theirs)> fees = [];
                for (var i = 0; i < Payments; i++)
                {
                    var amount = Least * Math.Pow(Most / Least, (double)i / (Payments - 1));
                    fees.Add((amount, await FeeAsync(ours.Daemon, amount, rate), await FeeAsync(theirs.Daemon, amount, rate)));
                }

                var worst = fees.MaxBy(static fee => fee.Ours / fee.Theirs);
                var kind = $"fees of {Payments} payments of {Least} to {Most} DASH, {name} coins, {rate} duff/B";
                report.AtMost($"{kind}: all together beside dashd's", 1.01, (double)(fees.Sum(static fee => fee.Ours) / fees.Sum(static fee => fee.Theirs)), "",
                    $"{fees.Count(static fee => fee.Ours < fee.Theirs)} lower, {fees.Count(static fee => fee.Ours > fee.Theirs * 1.01m)} more than 1% higher");
                report.AtMost($"{kind}: the dearest beside dashd's", 1.01, (double)(worst.Ours / worst.Theirs), "",
                    string.Create(CultureInfo.InvariantCulture, $"{worst.Amount:F4} DASH: {worst.Ours:F8} and {worst.Theirs:F8}"));
            }
        }
    }

    private static async Task<decimal> FeeAsync(MeasuredDaemon daemon, double amount, int rate)
    {
        decimal sum = 0;
        for (var i = 0; i < Tries; i++)
        {
            var made = await daemon.CallAsync(WalletStage.Wallet, "walletcreatefundedpsbt", string.Create(
                CultureInfo.InvariantCulture, $$"""[[],[{"{{BenchChain.Address}}":{{amount:F8}}}],0,{"fee_rate":{{rate}}}]"""));
            sum += made.GetProperty("fee").GetDecimal();
        }

        return sum / Tries;
    }
}
