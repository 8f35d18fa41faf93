namespace Dash.Node.Storage;

/// <summary>Whether the disk has room; asked before each larger write, so that it never fills up in the middle of one.</summary>
internal static class DiskSpace
{
    /// <summary>What a node says that stops because of it.</summary>
    public const string TooLow = "Disk space is too low!";

    // Left free for whatever else must be written to end in order: logs, databases.
    private const long Reserve = 50L << 20;

    /// <summary>Whether <paramref name="bytes"/> more fit on the disk of a directory, with some left.</summary>
    public static bool Has(string directory, long bytes = 0)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace >= Reserve + bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A file system that does not say; writing will tell.
            return true;
        }
    }

    /// <summary>Fails when <paramref name="bytes"/> more do not fit.</summary>
    /// <exception cref="StorageException">The disk is full.</exception>
    public static void Require(string directory, long bytes)
    {
        if (!Has(directory, bytes))
        {
            throw new StorageException(TooLow);
        }
    }
}
