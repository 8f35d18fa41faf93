using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Dash.Bench.Daemons;
using Dash.Bench.Differential;
using Dash.Bench.LongRuns;
using Dash.Bench.Needs;
using Dash.Bench.Wallets;
using Perfolizer.Horology;

// docs/benchmarks.md has the command lines and the numbers.
//   fuzz <parser>|all <count>           spoilt inputs for a parser, or so many in all
//   roundtrip <what>|all <count>        random transactions, scripts, descriptors
//   wallets <folder> <size>...          wallets and their chains to measure on: S, M, L, or so many coins
//   compare <folder> <size>...          the same calls to dash-wallet and, where DASHD names it, dashd on those wallets
//   needs <folder> [part]...            what users need, measured on the wallets 20000, S and L of that folder, beside what is wanted
//   chain [percent]                     making and rebuilding chains with dash-node and, where DASHD names it, dashd
//   chain-make <folder> [percent]       the chains of that, in a folder to keep
//   chain-part <folder> <part>...       parts of it on those chains: generate, long-chainstate, long-reindex, long-start, busy-...
//   sync [folder]                       how light calls fare while a node takes a chain from another, beside its idle time; the chain
//                                       is kept in the folder and used again
//   differential <steps> <seed>         the same blocks and transactions, right and wrong, to dash-node and dashd (DASHD)
//   differential-wallets <steps> <seed> the same calls, right and wrong, to the wallets of dash-node and dashd (DASHD)
//   wrong-input [ours]                  which code dashd (DASHD) gives for each wrong input to a wallet
//   directories                         dash-node and dashd (DASHD) in turn on one data directory
//   full-disk <folder>                  a node on a small file system of its own that becomes full, at several moments
//   daemons                             the same calls to dash-wallet, dash-node and, where DASHD names it, dashd
//   anything else                       BenchmarkDotNet's own arguments, as --filter *X11*
switch (args)
{
    case ["daemons"]:
        return await DaemonRun.RunAsync(Console.Out);
    case ["differential", var steps, var seed]:
        return await DifferentialRun.RunAsync(steps, seed, Console.Out);
    case ["differential-wallets", var steps, var seed]:
        return await WalletDifferentialRun.RunAsync(steps, seed, Console.Out);
    case ["wrong-input"]:
        return await WrongInputRun.RunAsync(ofDashd: true, Console.Out);
    case ["wrong-input", "ours"]:
        return await WrongInputRun.RunAsync(ofDashd: false, Console.Out);
    case ["chain"]:
        return await ChainRun.RunAsync(Console.Out, percent: 100);
    case ["chain", var percent] when int.TryParse(percent, out var part) && part is >= 5 and <= 100:
        return await ChainRun.RunAsync(Console.Out, part);
    case ["chain-make", var folder]:
        await ChainRun.MakeAsync(folder, percent: 100);
        return 0;
    case ["chain-make", var folder, var percent] when int.TryParse(percent, out var part) && part is >= 5 and <= 100:
        await ChainRun.MakeAsync(folder, part);
        return 0;
    case ["chain-part", var folder, .. { Length: > 0 } parts]:
        return await ChainRun.MeasureAsync(folder, parts, Console.Out);
    case ["directories"]:
        return await DirectoryRun.RunAsync(Console.Out);
    case ["full-disk", var folder]:
        return await FullDiskRun.RunAsync(folder, Console.Out);
    case ["sync"]:
        return await SyncRun.RunAsync(folder: null, Console.Out);
    case ["sync", var folder]:
        return await SyncRun.RunAsync(folder, Console.Out);
    case ["wallets", var folder, .. var sizes]:
        foreach (var size in sizes.Select(WalletSize.Parse))
        {
            await new WalletGenerator(size, folder, Console.Out).RunAsync();
        }

        return 0;
    case ["compare", var folder, .. var sizes]:
        foreach (var size in sizes.Select(WalletSize.Parse))
        {
            await new WalletComparison(size, folder, Console.Out).RunAsync();
        }

        return 0;
    case ["needs", var folder, .. var parts]:
        return await NeedsRun.RunAsync(folder, parts, Console.Out);
    case ["fuzz", var parser, var count]:
        return FuzzRun.Run(parser, count, Console.Out);
    case ["roundtrip", var what, var count]:
        return RoundTripRun.Run(what, count, Console.Out);
    default:
        // In this process: a benchmark needs no project of its own, and environment variables apply.
        var job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(4)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(200));
        var config = DefaultConfig.Instance.AddJob(job).AddColumn(StatisticColumn.Median);
        BenchmarkSwitcher.FromAssembly(typeof(FuzzRun).Assembly).Run(args, config);
        return 0;
}
