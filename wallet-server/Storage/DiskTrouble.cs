using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Which failures of the disk pass. What could not be written before the commit was taken back as a whole, so the next change may
/// succeed; after a sync that failed nobody knows what the disk holds, and only opening the file again tells.
/// </summary>
internal static class DiskTrouble
{
    /// <summary>What is said of a full disk.</summary>
    public const string NoRoom = "There is no room on the disk of the wallet's file";

    private const int Full = 13;
    private const int Busy = 5;
    private const int NoMemory = 7;
    private const int CannotOpen = 14;
    private const int ReadFailed = 10 | (1 << 8);
    private const int ShortRead = 10 | (2 << 8);
    private const int WriteFailed = 10 | (3 << 8);
    private const int TruncateFailed = 10 | (6 << 8);
    private const int IndexNotOpened = 10 | (18 << 8);

    // The index of the write-ahead log grows with it: on a full disk this fails, and not with "full".
    private const int IndexNotGrown = 10 | (19 << 8);
    private const int IndexNotMapped = 10 | (21 << 8);

    /// <summary>What to tell who asked for the change; null when the file must not be written any more.</summary>
    public static string? Explain(SqliteException error) => error switch
    {
        _ when IsFull(error) => NoRoom,
        { SqliteErrorCode: Busy or NoMemory or CannotOpen } or
        {
            SqliteExtendedErrorCode: ReadFailed or ShortRead or WriteFailed or TruncateFailed or IndexNotOpened or IndexNotMapped,
        } => $"The wallet's file could not be written, and nothing was changed: {error.Message}",
        _ => null,
    };

    /// <summary>Is it that there is no room?</summary>
    public static bool IsFull(SqliteException error) => error is { SqliteErrorCode: Full } or { SqliteExtendedErrorCode: IndexNotGrown };
}
