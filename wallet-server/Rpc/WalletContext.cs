using Dash.Common.Time;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>What the wallet's methods work with. Owned by the daemon.</summary>
internal sealed record WalletContext
{
    /// <summary>The wallets, loaded and on disk.</summary>
    public required WalletDirectory Wallets { get; init; }

    /// <summary>Loads wallets.</summary>
    public required WalletLoads Loads { get; init; }

    /// <summary>Follows the node's chain for all loaded wallets.</summary>
    public required ChainSync Sync { get; init; }

    /// <summary>The node, for what only it knows.</summary>
    public required AttachedNode Node { get; init; }

    /// <summary>Makes payments and offers them to the node.</summary>
    public required Spender Spender { get; init; }

    /// <summary>Lists whose rows are kept; null to make each anew.</summary>
    public WalletLists? Lists { get; init; }

    /// <summary>Time, possibly mocked.</summary>
    public required Clock Clock { get; init; }
}
