using System.Globalization;
using System.Threading.Channels;
using Dash.Common.Hosting;
using Dash.Common.Time;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.Wallets;

/// <summary>Runs the user's commands when something happens to transactions of wallets: in order, a few at a time.</summary>
/// <param name="changed">For a transaction that came or changed; null for none.</param>
/// <param name="locked">For one that InstantSend locked; null for none.</param>
/// <param name="log">General lines.</param>
internal sealed class WalletNotifier(string? changed, string? locked, ILogger log)
{
    private const int MostAtOnce = 4;

    /// <summary>Follows all wallets until it is cancelled.</summary>
    public async Task RunAsync(WalletDirectory wallets, Clock clock, CancellationToken ct)
    {
        var again = Channel.CreateUnbounded<(Wallet Wallet, LookedAgain News)>();
        void Hear(Wallet wallet) => wallet.HearsLookedAgain = news => again.Writer.TryWrite((wallet, news));
        if (changed is not null)
        {
            wallets.Loaded += Hear;
            wallets.All.ForEach(Hear);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            Task[] both =
            [
                new EventFollower("notified", MostAtOnce, Plan, clock).RunAsync(wallets, end.Token),
                TellAgainAsync(again.Reader, end.Token),
            ];
            await Task.WhenAny(both).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(both).ConfigureAwait(false);
        }
        finally
        {
            wallets.Loaded -= Hear;
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

    // Core: CWallet::AddToWallet runs the command whenever a rescan meets a transaction, also one that the wallet has. Nothing of it is stored: a
    // rescan that a kill interrupts meets them again.
    private async Task TellAgainAsync(ChannelReader<(Wallet Wallet, LookedAgain News)> again, CancellationToken ct)
    {
        await foreach (var (wallet, news) in again.ReadAllAsync(ct).ConfigureAwait(false))
        {
            await Parallel.ForEachAsync(
                Known(wallet, news),
                new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = ct },
                async (line, ct) => await ShellCommand.RunAsync(Fill(changed ?? "", wallet.Name, line), log, ct).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    // In the order of the chain.
    private static IReadOnlyList<LoggedEvent> Known(Wallet wallet, LookedAgain news)
    {
        try
        {
            using var view = wallet.OpenView();
            var told = news.LastLine < news.FirstLine
                ? []
                : view.EventsSince(news.FirstLine - 1, (int)(news.LastLine - news.FirstLine + 1)).Lines.Select(static line => line.Txid).ToHashSet();
            var txs = news.IsMempool
                ? view.Snapshot.Pending.Values.Select(static pending => pending.Tx).Where(static tx => tx.State is TxState.InMempool).OrderBy(static tx => tx.Position)
                : view.PositionsBetween(news.FirstHeight - 1, news.LastHeight, onlyMined: false).ToList().SelectMany(view.At)
                    .Where(static tx => tx.State is TxState.Confirmed).OrderBy(static tx => tx.State is TxState.Confirmed at ? (at.Height, at.Index) : default);
            return
            [
                .. txs.Where(tx => !told.Contains(tx.Txid)).Select(static tx => tx.State is TxState.Confirmed at
                    ? new LoggedEvent(0, EventKind.Confirmed, tx.Txid, at.Block, at.Height, 0)
                    : new LoggedEvent(0, EventKind.Updated, tx.Txid, null, -1, 0)),
            ];
        }
        catch (Exception failure) when (failure is WalletException or SqliteException)
        {
            return []; // unloaded, or the disk cannot be read
        }
    }

    // In single quotes nothing means anything to a shell but the quote itself.
    private static string Quote(string text) => "'" + text.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'";

    private IEnumerable<(long Sequence, Func<CancellationToken, Task> Work)> Plan(Wallet wallet, IReadOnlyList<LoggedEvent> lines) =>
        CommandsFor(wallet.Name, lines).Select(due => (due.Sequence, (Func<CancellationToken, Task>)(ct => ShellCommand.RunAsync(due.Command, log, ct))));

    private IEnumerable<(long Sequence, string Command)> CommandsFor(string walletName, IReadOnlyList<LoggedEvent> lines)
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
                    yield return (line.Sequence, Fill(locked, walletName, line));
                }
            }
            else if (changed is not null && line.Kind is not (EventKind.Removed or EventKind.ChainLocked or EventKind.Quarantined)
                && !(i + 1 < lines.Count && lines[i + 1].Txid == line.Txid && lines[i + 1].Kind == EventKind.Confirmed))
            {
                // One that comes in a block has come and is confirmed at once.
                yield return (line.Sequence, Fill(changed, walletName, line));
            }
        }
    }
}
