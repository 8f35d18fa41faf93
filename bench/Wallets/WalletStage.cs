using System.Globalization;
using Dash.Bench.Daemons;

namespace Dash.Bench.Wallets;

/// <summary>A generated wallet, copied, before dash-wallet beside a node or before dashd. The wallet is not loaded yet.</summary>
internal sealed class WalletStage : IAsyncDisposable
{
    /// <summary>Where calls to the wallet go.</summary>
    public const string Wallet = "/wallet/bench";

    private MeasuredDaemon? _node;
    private MeasuredDaemon? _daemon;

    private WalletStage(string folder, WalletSize size)
    {
        Folder = folder;
        Copy = new(folder, size);
    }

    /// <summary>Where the wallets are copied from.</summary>
    public string Folder { get; }

    /// <summary>The data directory of both.</summary>
    public WalletCopy Copy { get; }

    /// <summary>Who makes blocks.</summary>
    /// <exception cref="InvalidOperationException">It does not run now.</exception>
    public MeasuredDaemon Node => _node ?? throw new InvalidOperationException("no node");

    /// <summary>Who has the wallet; with dashd the same as <see cref="Node"/>.</summary>
    /// <exception cref="InvalidOperationException">It does not run now.</exception>
    public MeasuredDaemon Daemon => _daemon ?? throw new InvalidOperationException("no wallet daemon");

    private string[] Common => ["-regtest", "-datadir=" + Copy.Directory];

    /// <summary>dash-node and dash-wallet.</summary>
    public static async Task<WalletStage> StartAsync(string folder, WalletSize size, params string[] walletOptions)
    {
        WalletStage stage = new(folder, size);
        await stage.StartNodeAsync("-ipcbind=unix");
        await stage.StartDaemonAsync(walletOptions);
        return stage;
    }

    /// <summary>dashd, which has read the chain.</summary>
    public static async Task<WalletStage> StartDashdAsync(string dashd, string folder, WalletSize size)
    {
        WalletStage stage = new(folder, size);
        await stage.RestartDashdAsync(dashd, "-reindex");
        var node = stage.Node;

        // The chain is another program's: dashd reads the blocks once for itself, which is not measured.
        var height = int.Parse(File.ReadAllText(Path.Combine(folder, size.Name, "done")), CultureInfo.InvariantCulture);
        while ((await node.CallAsync("/", "getblockcount", "[]")).GetInt32() < height)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        return stage;
    }

    /// <summary>The node, after it was ended.</summary>
    public async Task StartNodeAsync(params string[] options) => _node = await MeasuredDaemon.StartAsync(
        Path.Combine(Programs.Directory, "dash-node"), Path.Combine(Copy.Network, ".cookie"),
        [.. Common, "-disablewallet", "-listen=0", .. options]);

    /// <summary>Ends the node, or kills it.</summary>
    public async Task EndNodeAsync(bool isKilled = false)
    {
        if (isKilled)
        {
            await Node.KillAsync();
        }

        await Node.DisposeAsync();
        _node = null;
    }

    /// <summary>Ends the wallet's daemon.</summary>
    public async Task EndDaemonAsync()
    {
        if (_daemon is { } daemon)
        {
            await daemon.DisposeAsync();
            _daemon = null;
        }
    }

    /// <summary>The wallet's daemon with other options; the one before is ended.</summary>
    public async Task StartDaemonAsync(params string[] options)
    {
        await EndDaemonAsync();
        _daemon = await MeasuredDaemon.StartAsync(
            Path.Combine(Programs.Directory, "dash-wallet"), Path.Combine(Copy.Network, ".cookie-wallet"),
            [.. Common, "-server", "-ipcconnect=unix", .. options]);
    }

    /// <summary>Waits until a wallet that is loaded at the start answers.</summary>
    public async Task WaitForWalletAsync()
    {
        while (!await IsServedAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    /// <summary>Waits until the wallet says that it follows the node.</summary>
    public async Task WaitUntilFollowingAsync()
    {
        while ((await Daemon.CallAsync(Wallet, "getwalletinfo", "[]")).GetProperty("node").GetProperty("state").GetString() != "connected")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>dashd with other options; the one before is ended.</summary>
    public async Task RestartDashdAsync(string dashd, params string[] options)
    {
        if (_node is not null)
        {
            await EndNodeAsync();
        }

        _node = _daemon = await MeasuredDaemon.StartAsync(
            dashd, Path.Combine(Copy.Network, ".cookie"),
            [.. Common, "-fallbackfee=0.00001", "-listen=0", "-connect=0", "-dnsseed=0", "-rpcworkqueue=64", .. options]);
    }

    private async Task<bool> IsServedAsync()
    {
        try
        {
            await Daemon.CallAsync(Wallet, "getbalance", "[]");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // it is being loaded
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { } daemon && daemon != _node)
        {
            await daemon.DisposeAsync();
        }

        if (_node is { } node)
        {
            await node.DisposeAsync();
        }

        Copy.Dispose();
    }
}
