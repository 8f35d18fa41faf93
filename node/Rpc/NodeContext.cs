using Dash.Common.Hosting;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Node.Mempool;
using Dash.Node.Mining;
using Dash.Node.Net;
using Dash.Node.Services.Zmq;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Protocol;

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

    /// <summary>Puts blocks together.</summary>
    public required BlockAssembler Assembler { get; init; }

    /// <summary>The block miners work on. Validation loop only.</summary>
    public required TemplateSource Templates { get; init; }

    /// <summary>Gives back a text as other processes would get it.</summary>
    public required Func<string, CancellationToken, ValueTask<string>> Echo { get; init; }

    /// <summary>Publishes by ZeroMQ; null if nothing is published.</summary>
    public ZmqPublisher? Zmq { get; init; }

    /// <summary>What the node relays and keeps.</summary>
    public PolicySettings Policy => Mempool.Settings;

    /// <summary>Time, possibly mocked.</summary>
    public required Clock Clock { get; init; }

    /// <summary>Waits until every attached wallet has seen all events so far.</summary>
    public required Func<CancellationToken, Task> WaitForWallets { get; init; }

    /// <summary>The network's directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The program of <c>-signer</c>; empty for none.</summary>
    public string SignerCommand { get; init; } = "";

    /// <summary>The scan of all coins that may be under way.</summary>
    public CoinScan CoinScan { get; } = new();

    /// <summary>What <c>-deprecatedrpc</c> brings back.</summary>
    public IReadOnlySet<string> DeprecatedMethods { get; init; } = new HashSet<string>();

    /// <summary>Whether <c>-deprecatedrpc</c> brings this back.</summary>
    public bool IsDeprecatedEnabled(string method) => DeprecatedMethods.Contains(method);

    /// <summary>What is derived from blocks beside the coins.</summary>
    public required ChainIndexes Indexes { get; init; }

    /// <summary>Whether there is an index of transactions.</summary>
    public bool HasTransactionIndex => Indexes.Transactions is not null;

    /// <summary>The block of the active chain that holds a transaction, when an index knows it.</summary>
    public BlockNode? FindTransactionBlock(Txid txid) => Indexes.Transactions?.FindBlock(txid);

    /// <summary>All known headers.</summary>
    public BlockIndex Index => Chainstate.Index;

    /// <summary>Blocks and undo data on disk.</summary>
    public BlockArchive Archive => Chainstate.Archive;

    /// <summary>Numbered news of chain and mempool.</summary>
    public ChainEvents Events => Chainstate.Events;

    /// <summary>The active chain right now.</summary>
    public ChainView View => Chainstate.Events.Position.View;

    /// <summary>Whether a block made now could reach anybody and would be on the right chain.</summary>
    /// <exception cref="RpcError">Codes -9 and -10.</exception>
    public void RequireReadyToMine()
    {
        if (Network.IsTestChain)
        {
            return;
        }

        if (Peers.Peers.All.Length == 0)
        {
            throw new RpcError(RpcErrorCode.ClientNotConnected, $"{Product.Name} is not connected!");
        }

        if (Chainstate.IsInitialBlockDownload)
        {
            throw new RpcError(RpcErrorCode.InInitialDownload, $"{Product.Name} is in initial sync and waiting for blocks...");
        }
    }
}
