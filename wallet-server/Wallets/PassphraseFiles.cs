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
                files._passphrases.Add(SecretFile.Read(place, credentials));
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
}
