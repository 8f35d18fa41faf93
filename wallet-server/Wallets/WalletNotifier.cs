using System.Globalization;
using Dash.Common.Hosting;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.Wallets;

/// <summary>Runs the user's commands when something happens to transactions of wallets: in order, a few at a time.</summary>
/// <param name="changed">For a transaction that came or changed; null for none.</param>
/// <param name="locked">For one that InstantSend locked; null for none.</param>
/// <param name="log">General lines.</param>
internal sealed class WalletNotifier(string? changed, string? locked, ILogger log)
{
    private const int MostAtOnce = 4;
    private const int PageSize = 500;

    /// <summary>Follows all wallets until it is cancelled.</summary>
    public async Task RunAsync(WalletDirectory wallets, CancellationToken ct)
    {
        using SemaphoreSlim places = new(MostAtOnce);
        List<Task> following = [];
        Lock gate = new(); // protects the list
        void Follow(Wallet wallet)
        {
            var since = wallet.EventsSince(0, 0).Newest;
            lock (gate)
            {
                following.RemoveAll(static task => task.IsCompleted);
                following.Add(Task.Run(() => FollowAsync(wallet, since, places, ct), CancellationToken.None));
            }
        }

        wallets.Loaded += Follow;
        try
        {
            foreach (var wallet in wallets.All)
            {
                Follow(wallet);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(false);
        }
        finally
        {
            wallets.Loaded -= Follow;
            Task[] all;
            lock (gate)
            {
                all = [.. following];
            }

            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A command with what it is to be told put in; the wallet's name is quoted for the shell.</summary>
    public static string Fill(string command, string walletName, LoggedEvent line)
    {
        var isConfirmed = line.Kind == EventKind.Confirmed && line.Block is not null;
        return command
            .Replace("%s", line.Txid?.ToString(), StringComparison.Ordinal)
            .Replace("%b", isConfirmed ? line.Block?.ToString() : "unconfirmed", StringComparison.Ordinal)
            .Replace("%h", isConfirmed ? line.Height.ToString(CultureInfo.InvariantCulture) : "-1", StringComparison.Ordinal)
            .Replace("%w", Quote(walletName), StringComparison.Ordinal);
    }

    // In single quotes nothing means anything to a shell but the quote itself.
    private static string Quote(string text) => "'" + text.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'";

    private async Task FollowAsync(Wallet wallet, long since, SemaphoreSlim places, CancellationToken ct)
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                var next = wallet.NextEvent;
                var page = wallet.EventsSince(since, PageSize);
                if (page.Lines is [])
                {
                    await next.WaitAsync(ct).ConfigureAwait(false);
                    continue;
                }

                since = page.Lines[^1].Sequence;
                foreach (var command in CommandsFor(wallet.Name, page.Lines))
                {
                    await places.WaitAsync(ct).ConfigureAwait(false);
                    running.RemoveAll(static task => task.IsCompleted);
                    running.Add(ExecuteAsync(command, places, ct));
                }
            }
        }
        catch (WalletException)
        {
            // Unloaded.
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<string> CommandsFor(string walletName, IReadOnlyList<LoggedEvent> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Txid is null)
            {
                continue;
            }

            if (line.Kind == EventKind.InstantLocked)
            {
                if (locked is not null)
                {
                    yield return Fill(locked, walletName, line);
                }
            }
            else if (changed is not null && line.Kind is not (EventKind.Removed or EventKind.ChainLocked)
                && !(i + 1 < lines.Count && lines[i + 1].Txid == line.Txid && lines[i + 1].Kind == EventKind.Confirmed))
            {
                // One that comes in a block has come and is confirmed at once.
                yield return Fill(changed, walletName, line);
            }
        }
    }

    private async Task ExecuteAsync(string command, SemaphoreSlim places, CancellationToken ct)
    {
        try
        {
            await ShellCommand.RunAsync(command, log, ct).ConfigureAwait(false);
        }
        finally
        {
            places.Release();
        }
    }
}
