using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Loads wallets as pieces of work that outlive whoever asked: each on a thread of its own, so that other wallets are served
/// meanwhile, to be looked at and to be ended. Any thread.
/// </summary>
internal sealed class WalletLoads : IAsyncDisposable
{
    // How many that have ended are remembered.
    private const int Kept = 50;

    // Files of so many bytes are loaded, and copied, in some ten milliseconds, which may wait for calls that come in: of a thousand such
    // wallets one after the other much is done in pieces within SQLite and the kernel that leave no room for a rest.
    private const long Short = 4L << 20;

    private const string ThreadName = "load";

    private readonly WalletDirectory _wallets;
    private readonly Clock _clock;
    private readonly CancellationTokenRegistration _stopping;
    private readonly Lock _gate = new(); // protects the list
    private readonly List<WalletLoad> _list = [];

    /// <summary>Loads into a directory.</summary>
    /// <param name="wallets">The directory.</param>
    /// <param name="clock">The time.</param>
    /// <param name="stopping">Ends what is under way.</param>
    public WalletLoads(WalletDirectory wallets, Clock clock, CancellationToken stopping)
    {
        _wallets = wallets;
        _clock = clock;
        _stopping = stopping.Register(AbortAll);
        wallets.Unloaded += wallet =>
        {
            foreach (var load in All)
            {
                load.Forget(wallet);
            }
        };
    }

    /// <summary>Those under way and the latest that ended, in the order of their begin.</summary>
    public IReadOnlyList<WalletLoad> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _list];
            }
        }
    }

    /// <summary>The latest of a wallet, or null.</summary>
    public WalletLoad? Of(string name)
    {
        lock (_gate)
        {
            return _list.Find(load => load.Name == name);
        }
    }

    /// <summary>Begins to load a wallet.</summary>
    /// <exception cref="WalletException">It is loaded, or being loaded.</exception>
    public WalletLoad Load(string name, bool? loadOnStart) =>
        Start(name, _wallets.SizeOf(name), watch => _wallets.Load(name, loadOnStart, watch));

    /// <summary>Begins to bring a backup back as a wallet of this name.</summary>
    /// <exception cref="WalletException">It is loaded, or being loaded.</exception>
    public WalletLoad Restore(string name, string backup, bool? loadOnStart) =>
        Start(name, WalletFile.SizeOf(backup), watch => _wallets.Restore(name, backup, loadOnStart, watch));

    /// <summary>Ends the loading of a wallet, leaving its file as it was; false if it is not being loaded.</summary>
    public async Task<bool> AbortAsync(string name)
    {
        if (Of(name) is not { } load || !load.Watch.Abort())
        {
            return false;
        }

        await ((Task)load.Done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    /// <summary>Ends all that are under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync().ConfigureAwait(false);
        AbortAll();
        foreach (var load in All)
        {
            await ((Task)load.Done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Begins to open a wallet in whatever way.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">How large its file is, bytes.</param>
    /// <param name="open">Opens it.</param>
    /// <exception cref="WalletException">It is being loaded already.</exception>
    internal WalletLoad Start(string name, long size, Func<LoadWatch, OpenedWallet> open)
    {
        WalletLoad load = new(name, _clock);
        lock (_gate)
        {
            if (_list.Exists(other => other.Name == name && !other.Done.IsCompleted))
            {
                throw new WalletException(WalletError.Wallet, "Wallet already loading.");
            }

            // A second try to load what is loaded says nothing of how it was loaded.
            if (_wallets.Find(name) is null)
            {
                _list.RemoveAll(other => other.Name == name);
                if (_list.Count >= Kept && _list.Find(static other => other.Done.IsCompleted) is { } oldest)
                {
                    _list.Remove(oldest);
                }

                _list.Add(load);
            }
        }

        // Neither ever fails; who wants its end waits for the load.
        if (size <= Short)
        {
            _ = new PatientWork(ThreadName).RunAsync(
                () =>
                {
                    Run(load, open);
                    return load;
                },
                CancellationToken.None);
        }
        else
        {
            _ = WorkThread.RunAsync(ThreadName, () => Run(load, open));
        }

        return load;
    }

    private void Run(WalletLoad load, Func<LoadWatch, OpenedWallet> open)
    {
        load.Run(open);

        // Unloaded before its loading was over: nobody says so any more.
        if (load.Done is { IsCompletedSuccessfully: true, Result.Wallet: var wallet } && _wallets.Find(load.Name) != wallet)
        {
            load.Forget(wallet);
        }
    }

    private void AbortAll()
    {
        foreach (var load in All)
        {
            load.Watch.Abort();
        }
    }
}
