using System.Security.Cryptography;
using System.Text;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Passphrases from files, for wallets that are unlocked as soon as they are loaded. Read once, since a descriptor can be read once; kept
/// as bytes in pinned memory.
/// </summary>
internal sealed class PassphraseFiles : IDisposable
{
    // What no caller can name: names of leases have no blanks.
    private const string Lease = "passphrase file";

    private const string Credential = "credential:";
    private const int Longest = 4096;

    private readonly List<byte[]> _passphrases = [];

    /// <summary>There are none.</summary>
    public bool IsEmpty => _passphrases.Count == 0;

    /// <summary>Reads the first line of each.</summary>
    /// <param name="places">Paths, or <c>credential:name</c> for a file in the directory that systemd names.</param>
    /// <param name="credentials">That directory; null if there is none.</param>
    /// <exception cref="IOException">One cannot be read, may be read by anybody, or is empty.</exception>
    public static PassphraseFiles Read(IEnumerable<string> places, string? credentials)
    {
        PassphraseFiles files = new();
        try
        {
            foreach (var place in places)
            {
                files._passphrases.Add(ReadOne(PathOf(place, credentials)));
            }

            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Unlocks an encrypted wallet with the one that fits.</summary>
    /// <returns>False if none does.</returns>
    public bool Unlock(Wallet wallet) =>
        _passphrases.Exists(passphrase => wallet.UnlockUnattended(Encoding.UTF8.GetString(passphrase), Lease));

    /// <inheritdoc/>
    public void Dispose()
    {
        _passphrases.ForEach(static passphrase => CryptographicOperations.ZeroMemory(passphrase));
        _passphrases.Clear();
    }

    private static string PathOf(string place, string? credentials)
    {
        if (!place.StartsWith(Credential, StringComparison.Ordinal))
        {
            return place;
        }

        var name = place[Credential.Length..];
        if (name.Length == 0 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
        {
            throw new IOException("a credential is named by its name alone");
        }

        return Path.Combine(credentials ?? throw new IOException("CREDENTIALS_DIRECTORY is not set"), name);
    }

    private static byte[] ReadOne(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        if (file.CanSeek && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & UnixFileMode.OtherRead) != 0)
        {
            throw new IOException("anybody may read the file");
        }

        var buffer = GC.AllocateArray<byte>(Longest, pinned: true);
        try
        {
            var length = file.ReadAtLeast(buffer, Longest, throwOnEndOfStream: false);
            var line = buffer.AsSpan(0, length);
            var end = line.IndexOfAny((byte)'\n', (byte)'\r');
            line = end >= 0 ? line[..end] : line;
            if (line.IsEmpty || line.Length == Longest)
            {
                throw new IOException("its first line is no passphrase");
            }

            var passphrase = GC.AllocateArray<byte>(line.Length, pinned: true);
            line.CopyTo(passphrase);
            return passphrase;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
