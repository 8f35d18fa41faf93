namespace Dash.WalletServer.NodeLink;

/// <summary>A node said something that cannot be so. The session with it ends; nothing of it was stored.</summary>
internal sealed class FeedException(string message) : Exception(message);
