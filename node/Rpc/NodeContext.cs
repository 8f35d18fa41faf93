using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Mempool;
using Dash.Node.Mining;
using Dash.Node.Net;
using Dash.Primitives.Networks;

namespace Dash.Node.Rpc;

/// <summary>What the node's methods work with. Owned by the daemon.</summary>
internal sealed record NodeContext
{
    /// <summary>Rules and constants of the network.</summary>
    public required ChainParams Network { get; init; }

    /// <summary>Owner of chain and coins.</summary>
    public required Chainstate Chainstate { get; init; }

    /// <summary>Changes the chain and the mempool, one after another.</summary>
    public required Validation Validation { get; init; }

    /// <summary>Unconfirmed transactions.</summary>
    public required MempoolGate Mempool { get; init; }

    /// <summary>Puts blocks together and mines them.</summary>
    public required BlockGenerator Generator { get; init; }

    /// <summary>The node among its peers.</summary>
    public required PeerNetwork Peers { get; init; }

    /// <summary>What the node relays and keeps.</summary>
    public PolicySettings Policy => Mempool.Settings;

    /// <summary>Time, possibly mocked.</summary>
    public required Clock Clock { get; init; }

    /// <summary>Waits until every attached wallet has seen all events so far.</summary>
    public required Func<CancellationToken, Task> WaitForWallets { get; init; }

    /// <summary>What <c>-deprecatedrpc</c> brings back.</summary>
    public IReadOnlySet<string> DeprecatedMethods { get; init; } = new HashSet<string>();

    /// <summary>Whether <c>-deprecatedrpc</c> brings this back.</summary>
    public bool IsDeprecatedEnabled(string method) => DeprecatedMethods.Contains(method);

    /// <summary>All known headers.</summary>
    public BlockIndex Index => Chainstate.Index;

    /// <summary>Blocks and undo data on disk.</summary>
    public BlockArchive Archive => Chainstate.Archive;

    /// <summary>Numbered news of chain and mempool.</summary>
    public ChainEvents Events => Chainstate.Events;

    /// <summary>The active chain right now.</summary>
    public ChainView View => Chainstate.Events.Position.View;
}
