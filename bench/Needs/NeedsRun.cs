using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>What users need, measured on generated wallets: each part on a copy of the wallet it names, with neighbours on the same one.</summary>
internal static class NeedsRun
{
    private static readonly (string Name, string Size, Func<WalletStage, NeedsReport, Task> RunAsync)[] Parts =
    [
        ("outage", "20000", Outage.RunAsync), ("deadlines", "20000", Deadlines.RunAsync), ("fees", "20000", FeesBesideDashd.RunAsync),
        ("events", "20000", EventLatency.RunAsync), ("overload", "20000", Overload.RunAsync),
        ("reads", "L", PointReads.TimeAsync), ("growth", "L", PointReads.CompareAsync), ("addresses", "L", AddressRate.RunAsync),
        ("payments", "L", Payments.RunAsync), ("rescan", "L", HeavyCalls.RescanAsync), ("heavy", "L", HeavyCalls.AllAsync),
        ("pages", "L", HistoryWalk.RunAsync), ("copies", "L", Copies.RunAsync), ("large", "L", Loading.LargeAsync), ("small", "S", Loading.SmallAsync), ("many", "S", Loading.ManyAsync),
    ];

    /// <summary>Runs the named parts, or all.</summary>
    /// <exception cref="ArgumentException">There is no part of a name.</exception>
    public static async Task<int> RunAsync(string folder, string[] names, TextWriter output)
    {
        if (names.Except(Parts.Select(static part => part.Name)).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"No part is called {unknown}: {string.Join(", ", Parts.Select(static part => part.Name))}.");
        }

        NeedsReport report = new(output);
        report.WriteHead();
        foreach (var size in Parts.Where(part => names.Length == 0 || names.Contains(part.Name)).GroupBy(static part => part.Size))
        {
            await using var stage = await WalletStage.StartAsync(folder, WalletSize.Parse(size.Key), "-wallet=bench", "-createwalletbackups=0");
            await stage.WaitForWalletAsync();
            await stage.WaitUntilFollowingAsync();
            foreach (var part in size)
            {
                await part.RunAsync(stage, report);
            }
        }

        return 0;
    }
}
