using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>How log lines call wallets.</summary>
internal static class WalletNames
{
    extension(Wallet wallet)
    {
        /// <summary>The name, or words for the wallet that has none.</summary>
        public string ShownName => wallet.Name.Length > 0 ? wallet.Name : "default wallet";
    }
}
