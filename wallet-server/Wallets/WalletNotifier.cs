using System.Globalization;
using Dash.Common.Hosting;
using Dash.Common.Time;
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

    /// <summary>Follows all wallets until it is cancelled.</summary>
    public Task RunAsync(WalletDirectory wallets, Clock clock, CancellationToken ct) =>
        new EventFollower("notified", MostAtOnce, Plan, clock).RunAsync(wallets, ct);

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
