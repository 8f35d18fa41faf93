using System.Globalization;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Tool;

/// <summary>
/// All records of a wallet as lines <c>key,value</c> in hex, after two lines that say what it is, before one with the double
/// SHA-256 of all the others. The form is Dash Core's.
/// </summary>
internal static class WalletDump
{
    private const string Magic = "BITCOIN_CORE_WALLET_DUMP";
    private const uint Version = 1;

    /// <summary>Writes a wallet's records to a file that does not exist yet.</summary>
    /// <exception cref="ToolException">It cannot be done.</exception>
    public static void Write(string? dumpFile, string walletPath, ChainParams chain)
    {
        using var wallet = OfflineFile.Open(walletPath, chain);
        if (string.IsNullOrEmpty(dumpFile))
        {
            throw new ToolException("No dump file provided. To use dump, -dumpfile=<filename> must be provided.");
        }

        var path = Path.Combine(Environment.CurrentDirectory, dumpFile);
        if (Path.Exists(path))
        {
            throw new ToolException($"File {path} already exists. If you are sure this is what you want, move it out of the way first.");
        }

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Magic},{Version}\nformat,sqlite\n");
        foreach (var (key, value) in wallet.Main.All())
        {
            text.Append(CultureInfo.InvariantCulture, $"{Hex.Encode(key)},{Hex.Encode(value)}\n");
        }

        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        var checksum = Hex.Encode(Hashes.Sha256d(bytes).ToArray());
        try
        {
            using var file = OwnerOnlyFile.Create(path, bufferSize: 0);
            WriteWhole(file, [.. bytes, .. Encoding.ASCII.GetBytes($"checksum,{checksum}\n")], path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"Unable to open {path} for writing");
        }
    }

    // Half of one is none, and would be in the way of the next.
    private static void WriteWhole(FileStream file, byte[] bytes, string path)
    {
        try
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        catch (IOException error)
        {
            File.Delete(path);
            throw new ToolException($"Unable to write {path}: {error.Message}");
        }
    }

    /// <summary>Makes a wallet of such a file.</summary>
    /// <exception cref="ToolException">It cannot be done; no wallet is left.</exception>
    /// <exception cref="WalletException">There is a wallet already.</exception>
    public static void Read(string? dumpFile, string? format, string walletPath, ChainParams chain, TextWriter output)
    {
        if (string.IsNullOrEmpty(dumpFile))
        {
            throw new ToolException("No dump file provided. To use createfromdump, -dumpfile=<filename> must be provided.");
        }

        var path = Path.Combine(Environment.CurrentDirectory, dumpFile);
        if (!Path.Exists(path))
        {
            throw new ToolException($"Dump file {path} does not exist.");
        }

        using var lines = DumpLines.Open(path);
        ReadHead(lines, format, walletPath, chain, output);
        using var wallet = WalletDatabase.Create(walletPath, chain, new OpenFiles());
        try
        {
            wallet.Execute("BEGIN IMMEDIATE");
            ReadRecords(lines, wallet.Main);
            wallet.Execute("COMMIT");
            WalletDatabase.Finish(wallet);
        }
        catch
        {
            wallet.Dispose();
            File.Delete(wallet.FilePath);
            if (Directory.Exists(walletPath) && !Directory.EnumerateFileSystemEntries(walletPath).Any())
            {
                Directory.Delete(walletPath);
            }

            throw;
        }
    }

    private static void ReadHead(DumpLines lines, string? format, string walletPath, ChainParams chain, TextWriter output)
    {
        var (magic, version) = lines.Next(isCounted: true);
        if (magic != Magic)
        {
            throw new ToolException($"Error: Dumpfile identifier record is incorrect. Got \"{Shown(magic)}\", expected \"{Magic}\".");
        }

        var digits = version.StartsWith('+') ? version[1..] : version;
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new ToolException($"Error: Unable to parse version {Shown(version)} as a uint32_t");
        }

        if (number != Version)
        {
            throw new ToolException(
                "Error: Dumpfile version is not supported. This version of dash-wallet only supports version 1 dumpfiles. Got "
                + $"dumpfile with version {Shown(version)}");
        }

        var (name, stored) = lines.Next(isCounted: true);
        if (name != "format")
        {
            throw new ToolException($"Error: Dumpfile format record is incorrect. Got \"{Shown(name)}\", expected \"format\".");
        }

        var wanted = format ?? Shown(stored);
        if (wanted.Length == 0)
        {
            throw new ToolException("No wallet file format provided. To use createfromdump, -format=<format> must be provided.");
        }

        if (wanted is not ("bdb" or "sqlite"))
        {
            throw new ToolException(
                $"Unknown wallet file format \"{wanted}\" provided. Please provide one of \"bdb\" or \"sqlite\".");
        }

        if (wanted != Shown(stored))
        {
            output.Write($"Warning: Dumpfile wallet format \"{Shown(stored)}\" does not match command line specified format \"{wanted}\".\n");
        }

        WalletFile.RequireNew(walletPath, chain.Magic, new OpenFiles());
        if (wanted == "bdb")
        {
            throw new ToolException(
                $"Failed to open database path '{walletPath}'. Build does not support Berkeley DB database format.");
        }
    }

    // The file is read byte by byte; the user sees it as the text it is.
    private static string Shown(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));

    private static void ReadRecords(DumpLines lines, MainTable main)
    {
        byte[]? checksum = null;
        while (!lines.IsAtEnd)
        {
            var (key, value) = lines.Next(isCounted: false);
            if (key == "checksum")
            {
                checksum = Hex.TryDecode(string.Concat(value.Where(static letter => !char.IsWhiteSpace(letter))), out var parsed) && parsed.Length == Uint256.Size
                    ? parsed
                    : throw new ToolException("Error: Checksum is not the correct size");
                break;
            }

            lines.Count(key, value);
            if (key.Length == 0 || value.Length == 0)
            {
                continue;
            }

            main.Put(
                Hex.TryDecode(key, out var keyBytes) ? keyBytes : throw new ToolException($"Error: Got key that was not hex: {Shown(key)}"),
                Hex.TryDecode(value, out var bytes) ? bytes : throw new ToolException($"Error: Got value that was not hex: {Shown(value)}"));
        }

        var computed = lines.Checksum();
        if (checksum is null || checksum.All(static part => part == 0))
        {
            throw new ToolException("Error: Missing checksum");
        }

        if (!checksum.AsSpan().SequenceEqual(computed))
        {
            throw new ToolException(
                $"Error: Dumpfile checksum does not match. Computed {Hex.Encode(computed)}, expected {Hex.Encode(checksum)}");
        }
    }
}
