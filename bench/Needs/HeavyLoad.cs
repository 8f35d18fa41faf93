using System.Diagnostics;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>Callers with heavy calls to one daemon, each with a connection and a thread of its own: a call, at once the next one.</summary>
internal sealed class HeavyLoad
{
    /// <summary>The kinds: a list of all coins, a payment to 100, a copy of the file.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["listunspent", "sendmany", "backupwallet"];

    private readonly WalletStage _stage;
    private readonly Dictionary<string, string> _parameters;

    private HeavyLoad(WalletStage stage, string receivers)
    {
        _stage = stage;
        _parameters = new()
        {
            ["listunspent"] = "[]",
            ["sendmany"] = $$"""["",{{{receivers}}}]""",
            ["backupwallet"] = $"[\"{Path.Combine(stage.Copy.Directory, "backup.dat")}\"]",
        };
    }

    /// <summary>Takes the addresses that are paid from the wallet itself.</summary>
    public static async Task<HeavyLoad> PrepareAsync(WalletStage stage)
    {
        List<string> receivers = [];
        for (var i = 0; i < 100; i++)
        {
            receivers.Add($"\"{(await stage.Daemon.CallAsync(WalletStage.Wallet, "getnewaddress", "[]")).GetString()}\":0.0002");
        }

        return new(stage, string.Join(',', receivers));
    }

    /// <summary>Calls of one kind for a while.</summary>
    /// <returns>How many were answered.</returns>
    public Task<int> RunAsync(string kind, TimeSpan span)
    {
        var watch = Stopwatch.StartNew();
        return Task.Factory.StartNew(() => Repeat(kind, () => watch.Elapsed < span), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A caller of each kind and a rescan, for a while.</summary>
    /// <returns>How many calls of each kind were answered, in words.</returns>
    public async Task<string> RunAllAsync(TimeSpan span)
    {
        var job = await StartRescanAsync(_stage);
        var counts = await Task.WhenAll(Kinds.Select(kind => RunAsync(kind, span)));
        var isAborted = (await _stage.Daemon.CallAsync(WalletStage.Wallet, "abortwalletjob", $"[{job}]")).GetBoolean();
        return $"a rescan{(isAborted ? "" : " (ended before)")}, " + string.Join(", ", Kinds.Zip(counts, static (kind, count) => $"{count} {kind}"));
    }

    /// <summary>Starts a rescan.</summary>
    /// <returns>Its job.</returns>
    public static async Task<long> StartRescanAsync(WalletStage stage) =>
        (await stage.Daemon.CallAsync(WalletStage.Wallet, "startwalletjob", "[\"rescan\"]")).GetProperty("id").GetInt64();

    private int Repeat(string kind, Func<bool> goesOn)
    {
        using LoadConnection connection = new(_stage.Daemon.Port, _stage.Daemon.Credentials, WalletStage.Wallet, kind, _parameters[kind]);
        var count = 0;
        for (; goesOn(); count++)
        {
            connection.Call();
        }

        return count;
    }
}
