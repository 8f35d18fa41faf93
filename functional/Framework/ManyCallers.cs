using System.Globalization;
using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>
/// Callers of all kinds at once, each with a random sequence of its own: payments and repeats of them, blocks and short
/// reorganisations, locks and passphrases, wallets that come and go, backups, rescans and their ends, reads of all sizes.
/// </summary>
/// <param name="processes">Where they call.</param>
/// <param name="record">Takes what they are told.</param>
/// <param name="seed">What randomness begins with.</param>
public sealed class ManyCallers(ServedWallets processes, CallRecord record, int seed)
{
    /// <summary>The wallets: one that stays, one that comes and goes, one that is encrypted.</summary>
    public static readonly string[] Names = ["stays", "comes and goes", "locked"];

    private const string Passphrase = "passphrase 0";

    private static readonly (string Method, object?[] Arguments)[] Reads =
    [
        ("getbalance", []), ("getbalances", []), ("getwalletinfo", []), ("listunspent", []), ("listtransactions", ["*", 50]),
        ("listtransactions", ["*", 1_000_000]), ("listsinceblock", []), ("listreceivedbyaddress", []), ("listaddressgroupings", []),
    ];

    private int _backups;

    /// <summary>What they paid.</summary>
    public KeyedPayments Payments { get; } = new(processes.Rpc, Names, Names[2], record);

    /// <summary>The encrypted wallet.</summary>
    public LockedWallet Locked { get; } = new(processes.Rpc.Wallet(Names[2]), Passphrase, record);

    /// <summary>The folder of their backups.</summary>
    public string Backups { get; } = Directory.CreateDirectory(Path.Combine(processes.Node.DataDirectory, "backups")).FullName;

    /// <summary>Makes the wallets, with coins to spend; all coins of the chain are theirs.</summary>
    public async Task BeginAsync()
    {
        foreach (var name in Names)
        {
            await processes.Rpc.CallAsync("createwallet", name, false, false, name == Names[2] ? Passphrase : "", false, true, true);
            await processes.Node.MineAsync(40, await processes.Rpc.Wallet(name).TextAsync("getnewaddress"));
        }

        await MineAsync(Names[0], 100);
    }

    /// <summary>Goes on until cancelled; what is under way then is waited for.</summary>
    public Task RunAsync(CancellationToken ct)
    {
        (string What, int Least, int Most, Func<Random, Task> WorkAsync)[] callers =
        [
            .. Enumerable.Repeat(("new payments", 0, 20, (Func<Random, Task>)Payments.PayAsync), 4),
            ("repeats", 20, 80, Payments.RepeatAsync),
            ("blocks", 100, 300, random => MineAsync(Names[random.Next(Names.Length)], 1)),
            ("reorganisations", 700, 3_000, ReorganiseAsync),
            ("turns of the lock", 50, 500, Locked.WorkAsync),
            ("loads", 300, 1_500, _ => LoadAgainAsync()),
            ("backups", 200, 800, BackupAsync),
            ("rescans", 200, 1_500, random => Some(random).CallAsync("rescanblockchain")),
            ("aborts", 500, 2_000, random => Some(random).CallAsync("abortrescan")),
            .. Enumerable.Repeat(("reads", 0, 10, (Func<Random, Task>)ReadAsync), 2),
        ];
        return Task.WhenAll(callers.Select((caller, index) => LoopAsync(caller.What, caller.Least, caller.Most, caller.WorkAsync, new Random(seed + index), ct)));
    }

    /// <summary>All wallets are loaded and the encrypted one is open; then each payment is answered and mined.</summary>
    public async Task SettleAsync()
    {
        foreach (var name in Names)
        {
            await Wait.Until($"{name} is loaded and not looked through", async () =>
            {
                if (!(await processes.Rpc.CallAsync("listwallets")).EnumerateArray().Any(loaded => loaded.GetString() == name))
                {
                    await processes.Rpc.CallAsync("loadwallet", name);
                }

                return (await processes.Rpc.Wallet(name).CallAsync("getwalletinfo")).GetProperty("scanning").ValueKind == JsonValueKind.False;
            }, processes.LastLogs);
        }

        await Locked.UnlockAsync(1_000_000);
        await Payments.RetryAsync(() => MineAsync(Names[0], 1), processes.LastLogs);
        List<string> waiting = [];
        await Wait.Until("all is mined", async () =>
        {
            await processes.MineEverywhereAsync(await processes.Rpc.Wallet(Names[0]).TextAsync("getnewaddress"));
            waiting.Clear();
            foreach (var name in Names)
            {
                // Mined in a block that left the chain: that waits for nothing.
                waiting.AddRange((await processes.Rpc.Wallet(name).CallAsync("listtransactions", "*", 1_000_000)).EnumerateArray().Where(static entry =>
                    entry.GetProperty("confirmations").GetInt32() <= 0 && entry.GetProperty("category").GetString() is "send" or "receive")
                    .Select(entry => $"{name}: {entry}"));
            }

            return waiting.Count == 0;
        }, () => string.Join('\n', waiting) + "\n" + processes.LastLogs());
        foreach (var name in Names)
        {
            await processes.AtTipAsync(name);
        }
    }

    private async Task LoopAsync(string what, int least, int most, Func<Random, Task> workAsync, Random random, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var isDone = await record.TryAsync(what, () => workAsync(random));
            var pause = TimeSpan.FromMilliseconds(random.Next(least, most) + (isDone ? 0 : 20));
            await Task.Delay(pause, TimeProvider.System, ct).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private RpcConnection Some(Random random) => processes.Rpc.Wallet(Names[random.Next(Names.Length)]);

    private async Task MineAsync(string wallet, int blocks) =>
        await processes.Node.MineAsync(blocks, await processes.Rpc.Wallet(wallet).TextAsync("getnewaddress"));

    private async Task ReorganiseAsync(Random random)
    {
        var depth = random.Next(1, 4);
        var address = await processes.Rpc.Wallet(Names[0]).TextAsync("getnewaddress");
        var height = await processes.Node.Rpc.IntAsync("getblockcount");
        await processes.Node.Rpc.CallAsync("invalidateblock", await processes.Node.Rpc.TextAsync("getblockhash", height - depth + 1));
        await processes.Node.MineAsync(depth + 1, address);
    }

    private async Task LoadAgainAsync()
    {
        try
        {
            await processes.Rpc.CallAsync("unloadwallet", Names[1]);
        }
        finally
        {
            await processes.Rpc.CallAsync("loadwallet", Names[1]);
        }
    }

    private async Task BackupAsync(Random random)
    {
        var file = Path.Combine(Backups, (_backups++ % 3).ToString(CultureInfo.InvariantCulture));
        await Some(random).CallAsync("backupwallet", file);
    }

    private async Task ReadAsync(Random random)
    {
        var (method, arguments) = Reads[random.Next(Reads.Length)];
        await Some(random).CallAsync(method, arguments);
    }
}
