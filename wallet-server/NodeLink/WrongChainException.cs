namespace Dash.WalletServer.NodeLink;

/// <summary>A node answered, but it is not one of the wallets' network. The message names both; the wallets wait.</summary>
internal sealed class WrongChainException(string message) : Exception(message);
