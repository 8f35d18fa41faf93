using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>The file could not be read while a change was decided: the transaction is taken back, and the wallet goes on.</summary>
internal sealed class UnreadableException(SqliteException error) : Exception(
    DiskTrouble.Explain(error) ?? $"The wallet's file could not be read, and nothing was changed: {error.Message}", error)
{
    /// <summary>It may be tried again soon.</summary>
    public bool MayPass { get; } = DiskTrouble.Explain(error) is not null;
}
