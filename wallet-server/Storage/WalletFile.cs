using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Common.Storage;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Storage;

/// <summary>Where a wallet's data is and what kind it is, told by the first bytes only.</summary>
internal static class WalletFile
{
    /// <summary>The data file's name in a wallet's directory.</summary>
    public const string Name = "wallet.dat";

    /// <summary>How Core begins to say what went wrong with a copy.</summary>
    public const string Unexpected = "Unexpected exception: ";

    private const string LogEnd = "-wal";
    private const string IndexEnd = "-shm";
    private const string JournalEnd = "-journal";
    private const int CopiedAtOnce = 1 << 20;
    private const int LongestName = 255;
    private const int LongestPath = 4095;
    private const int SmallestSqlite = 512;
    private const int SmallestBdb = 4096;
    private const uint BdbMagic = 0x00053162;

    /// <summary>The data file of a wallet path, which is a directory or, for old single-file wallets, the file.</summary>
    public static string DataFile(string walletPath) => Path.Combine(walletPath, Name);

    /// <summary>How large a file is, bytes; 0 if there is none, or can be none of this name.</summary>
    public static long SizeOf(string file) =>
        File.Exists(file) && new FileInfo(file) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>
    /// SQLite's signature, and the network's magic as application id. A file that another process of this program keeps
    /// for itself counts as one.
    /// </summary>
    public static bool IsSqlite(string file, ReadOnlySpan<byte> networkMagic)
    {
        Span<byte> head = stackalloc byte[72];
        return TryReadHead(file, SmallestSqlite, head, out var isTaken)
            ? head[..16].SequenceEqual("SQLite format 3\0"u8)
                && head.Slice(68, 4).SequenceEqual(networkMagic)
            : isTaken;
    }

    /// <summary>Whose SQLite file it is (the application id); null if it is none or cannot be read.</summary>
    public static uint? ApplicationOf(string file)
    {
        Span<byte> head = stackalloc byte[72];
        return TryReadHead(file, SmallestSqlite, head, out _) && head[..16].SequenceEqual("SQLite format 3\0"u8)
            ? BinaryPrimitives.ReadUInt32BigEndian(head[68..])
            : null;
    }

    /// <summary>The btree magic of Berkeley DB in either byte order.</summary>
    public static bool IsBdb(string file)
    {
        Span<byte> head = stackalloc byte[16];
        if (!TryReadHead(file, SmallestBdb, head, out _))
        {
            return false;
        }

        var magic = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
        return magic == BdbMagic || magic == BinaryPrimitives.ReverseEndianness(BdbMagic);
    }

    /// <summary>
    /// Copies a data file that nobody has open, durably, with the log of its last process beside it, if that was killed: what is in there is
    /// missing in the file, and the next opening takes it in. Both stay as they are. Of what is no database the beginning is enough.
    /// </summary>
    /// <param name="from">The file, which has an end (<see cref="FileIdentity.IsRegular"/>).</param>
    /// <param name="to">Where to; nothing is there yet.</param>
    /// <param name="watch">Is told how far it is, and may end it.</param>
    /// <returns>Whether there was a log.</returns>
    /// <exception cref="WalletException">
    /// Another process of this program has it open, or it cannot be copied; or it was ended.
    /// </exception>
    public static bool Copy(string from, string to, LoadWatch watch)
    {
        try
        {
            // SQLite's names for what lies beside a file are those of the file itself, not of a link to it.
            var file = new FileInfo(from).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? from;

            // Kept open: while this is read no process of this program opens it, and takes its log in.
            using FileStream held = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            watch.Enter("copying the file", held.Length);
            if (ApplicationOf(file) is null)
            {
                // The beginning says as well that it is none, and it may be of any size.
                CopyAll(held, to, CopiedAtOnce, watch);
                return false;
            }

            CopyAll(held, to, long.MaxValue, watch);
            var logs = LogsOf(file);
            foreach (var log in logs)
            {
                using FileStream source = new(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
                CopyAll(source, to + log[file.Length..], long.MaxValue, watch);
            }

            return logs.Count > 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WalletException(WalletError.Wallet, Unexpected + failure.Message, failure);
        }
    }

    /// <summary>What lies beside a data file and is not in it yet: the logs of a process that was killed.</summary>
    public static IReadOnlyList<string> LogsOf(string file) =>
        [.. ((string[])[LogEnd, JournalEnd]).Select(end => file + end).Where(static log => new FileInfo(log) is { Exists: true, Length: > 0 })];

    /// <summary>The data file of which something is a log, or the log's index, by its name; null if it is none.</summary>
    public static string? FileOfLog(string path) =>
        ((string[])[LogEnd, IndexEnd, JournalEnd]).FirstOrDefault(end => path.EndsWith(end, StringComparison.Ordinal)) is { } end
            ? path[..^end.Length]
            : null;

    /// <summary>A name in the directory of a file that nobody has.</summary>
    /// <param name="file">What it is to become.</param>
    /// <param name="what">What it is, for who finds it after a kill.</param>
    public static string Beside(string file, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}.{RandomNumberGenerator.GetInt32(int.MaxValue):x8}.{what}");

    /// <summary>What a name that <see cref="Beside"/> gave is to become; null if it is none.</summary>
    public static string? WholeOf(string name, string what)
    {
        const int digits = 8;
        var length = name.Length - what.Length - digits - 2;
        return length > 0 && name.EndsWith("." + what, StringComparison.Ordinal) && name[length] == '.'
            && name.Skip(length + 1).Take(digits).All(char.IsAsciiHexDigitLower)
                ? name[..length]
                : null;
    }

    /// <summary>Deletes a data file and what SQLite makes beside it.</summary>
    public static void Delete(string file)
    {
        foreach (var end in (string[])["", LogEnd, IndexEnd, JournalEnd])
        {
            File.Delete(file + end);
        }
    }

    /// <summary>Has a new data file's name written to disk, and that of its directory: after a power cut they are there.</summary>
    /// <exception cref="WalletException">The disk refuses.</exception>
    public static void FlushNames(string file)
    {
        try
        {
            DirectoryEntries.Flush(file);
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory)
            {
                DirectoryEntries.Flush(directory);
            }
        }
        catch (IOException failure)
        {
            throw new WalletException(WalletError.Wallet, Unexpected + failure.Message, failure);
        }
    }

    /// <summary>
    /// Deletes the index of a log, which a killed process of another program leaves; nobody has the file open. One that cannot be deleted
    /// is in nobody's way.
    /// </summary>
    public static void DeleteIndex(string file)
    {
        try
        {
            File.Delete(file + IndexEnd);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }

    /// <summary>Deletes a directory that was made for nothing, unless somebody has put something there.</summary>
    public static void TryDeleteEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }

    /// <summary>The same as <see cref="Delete"/> where it is being said already why it came to this.</summary>
    public static void TryDelete(string file)
    {
        try
        {
            Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }

    private static void CopyAll(FileStream source, string to, long most, LoadWatch watch)
    {
        using var copy = OwnerOnlyFile.Create(to, bufferSize: 0);
        var piece = ArrayPool<byte>.Shared.Rent(CopiedAtOnce);
        try
        {
            var done = 0L;
            for (int length; done < most && (length = source.Read(piece)) > 0;)
            {
                copy.Write(piece, 0, length);
                watch.Reach(done += length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        copy.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Was the file left by a process that had it open, without the log that lay beside it? Then it was copied by hand, most likely. To be
    /// asked before it is opened.
    /// </summary>
    public static bool LacksItsLog(string file)
    {
        const int version = 18; // which SQLite needs to write it: 2 for the one with a log
        Span<byte> head = stackalloc byte[version + 1];
        return TryReadHead(file, SmallestSqlite, head, out _) && head[version] == 2 && !File.Exists(file + LogEnd);
    }

    /// <summary>Makes a wallet's directory and those above it.</summary>
    /// <exception cref="WalletException">It cannot be made; the text begins as Core's.</exception>
    public static void MakeDirectory(string walletPath)
    {
        try
        {
            Directory.CreateDirectory(walletPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var reason = failure switch
            {
                UnauthorizedAccessException => "Permission denied",
                _ when IsBrokenLink(walletPath) => "File exists",
                DirectoryNotFoundException => "Not a directory",
                _ when File.Exists(walletPath) => "Not a directory",
                _ => failure.Message,
            };
            throw new WalletException(
                WalletError.Wallet, $"filesystem error: cannot create directories: {reason} [{walletPath}]", failure);
        }
    }

    /// <summary>A link to nothing.</summary>
    public static bool IsBrokenLink(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link && !Directory.Exists(path) && link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };

    /// <summary>Checks that an existing wallet can be opened, as Core does before it touches the file.</summary>
    /// <exception cref="WalletException">With the text of <c>loadwallet</c>, without its prefix.</exception>
    /// <param name="walletPath">Its path; its data file is the caller's alone (<see cref="OpenFiles.Take"/>).</param>
    /// <param name="networkMagic">Whose it has to be.</param>
    /// <param name="files">Those of this process's wallets.</param>
    public static void RequireExisting(string walletPath, ReadOnlySpan<byte> networkMagic, OpenFiles files)
    {
        RequireShortNames(walletPath, WalletError.Wallet, $"Failed to access database path '{walletPath}': ");
        if (!Exists(walletPath))
        {
            throw new WalletException(
                WalletError.NotFound, $"Failed to load database path '{walletPath}'. Path does not exist.");
        }

        var isBdb = File.Exists(walletPath) ? files.Look(walletPath, IsBdb, ifTaken: false) : IsBdb(DataFile(walletPath));
        var isSqlite = IsSqlite(DataFile(walletPath), networkMagic);
        if (isBdb && isSqlite)
        {
            throw new WalletException(
                WalletError.NotFound, $"Failed to load database path '{walletPath}'. Data is in ambiguous format.");
        }

        if (isBdb)
        {
            throw new WalletException(
                WalletError.NotFound,
                $"Failed to open database path '{walletPath}'. Build does not support Berkeley DB database format.");
        }

        if (!isSqlite)
        {
            throw new WalletException(
                WalletError.NotFound, $"Failed to load database path '{walletPath}'. Data is not in recognized format.");
        }
    }

    /// <summary>Checks that no wallet is at this path yet.</summary>
    /// <exception cref="WalletException">With Core's text, without its prefix.</exception>
    public static void RequireNew(string walletPath, ReadOnlyMemory<byte> networkMagic, OpenFiles files)
    {
        RequireShortNames(walletPath, WalletError.Wallet, $"Failed to access database path '{walletPath}': ");
        if ((File.Exists(walletPath) && files.Look(walletPath, IsBdb, ifTaken: false))
            || files.Look(DataFile(walletPath), file => IsBdb(file) || IsSqlite(file, networkMagic.Span), ifTaken: true))
        {
            throw new WalletException(
                WalletError.Wallet, $"Failed to create database path '{walletPath}'. Database already exists.");
        }
    }

    /// <summary>Checks that the file system takes a path and the names in it.</summary>
    /// <exception cref="WalletException">Of this kind.</exception>
    public static void RequireShortNames(string path, WalletError error, string prefix = "")
    {
        if (path.Split('/').Any(static name => Encoding.UTF8.GetByteCount(name) > LongestName) || Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            throw new WalletException(error, $"{prefix}filesystem error: symlink_status: File name too long [{path}]");
        }
    }

    private static bool Exists(string path) => Directory.Exists(path) || File.Exists(path);

    private static bool TryReadHead(string file, int smallest, Span<byte> head, out bool isTaken)
    {
        isTaken = false;
        if (!FileIdentity.IsRegular(file))
        {
            return false;
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return stream.Length >= smallest && stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            isTaken = error is IOException && File.Exists(file);
            return false;
        }
    }
}
