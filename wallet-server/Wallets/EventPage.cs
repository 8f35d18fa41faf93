using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>A piece of a wallet's event log.</summary>
/// <param name="Lines">The lines, oldest first, without gaps.</param>
/// <param name="Oldest">Number of the oldest line that is kept; one past <paramref name="Newest"/> when there is none.</param>
/// <param name="Newest">Number of the newest line; 0 when nothing was ever logged.</param>
internal sealed record EventPage(IReadOnlyList<LoggedEvent> Lines, long Oldest, long Newest);
