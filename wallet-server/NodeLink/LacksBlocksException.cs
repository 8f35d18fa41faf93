namespace Dash.WalletServer.NodeLink;

/// <summary>A node answered, but it lacks the last block of a wallet: it is not the one to go to.</summary>
internal sealed class LacksBlocksException() : Exception("it lacks blocks of the wallets");
