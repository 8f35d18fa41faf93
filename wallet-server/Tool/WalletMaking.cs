using Dash.Common.Time;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tool;

/// <summary>Makes a wallet file as the daemon makes one, and closes it.</summary>
internal static class WalletMaking
{
    /// <summary>Makes a wallet of descriptors with new words.</summary>
    /// <exception cref="WalletException">With Core's text, without any prefix.</exception>
    public static void Make(string path, string name, ChainParams chain)
    {
        var root = Path.GetDirectoryName(path) ?? path;
        var wallets = new WalletDirectory(root, chain, WalletSettings.Default, settingsFile: null, new Clock());
        Storage.WalletFile.RequireNew(path, chain.Magic, new Storage.OpenFiles());
        if (Storage.WalletFile.IsBrokenLink(path))
        {
            throw new WalletException(WalletError.Wallet, $"filesystem error: cannot create directories: File exists [{path}]");
        }

        wallets.Create(Path.GetFileName(path) is { Length: > 0 } last ? last : name, new NewWalletOptions(), loadOnStart: null);
        wallets.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
