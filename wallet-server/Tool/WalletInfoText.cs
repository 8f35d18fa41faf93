using System.Globalization;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Tool;

/// <summary>What <c>info</c> says of a wallet.</summary>
internal static class WalletInfoText
{
    /// <summary>Writes it; to the errors that some records cannot be read, if so.</summary>
    /// <exception cref="ToolException">The file's records cannot be used.</exception>
    public static void Write(TextWriter output, TextWriter errors, OfflineFile file, string name, ChainParams chain)
    {
        using KeyRing keys = new(TimeProvider.System);
        var records = WalletRecords.Read(file.Main, chain, keys, withAddresses: true, new LoadWatch());
        if (records.IsCorrupt || ((records.Flags ?? WalletFlags.None) & ~WalletFlags.Known) >= (WalletFlags)(1UL << 32))
        {
            throw new ToolException($"Error loading {name}: Wallet corrupted") { EndsLine = false };
        }

        if (records.MinVersion > CoreRecords.LatestWalletVersion)
        {
            throw new ToolException($"Error loading {name}: Wallet requires newer version of Dash Core") { EndsLine = false };
        }

        if (records.HasErrors || file.HasBadTransaction())
        {
            errors.Write(
                $"Error reading {name}! All keys read correctly, but transaction data or address book entries might be missing or incorrect.");
        }

        var active = records.BuildKeychains()
            .Where(keychain => keychain.Id == records.ActiveExternal || keychain.Id == records.ActiveInternal).ToList();
        var isDescriptors = (records.Flags ?? WalletFlags.None).HasFlag(WalletFlags.Descriptors);
        output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Wallet info
            ===========
            Name: {name}
            Format: sqlite
            Descriptors: {Word(isDescriptors)}
            Encrypted: {Word(keys.IsEncrypted)}
            HD (hd seed available): {Word(active.Count > 0)}
            Keypool Size: {active.Sum(static keychain => keychain.KeysLeft)}
            Transactions: {file.CountTransactions()}
            Address Book: {records.Addresses.Count}

            """));
    }

    private static string Word(bool value) => value ? "yes" : "no";
}
