using Dash.Common.Hosting;
using Dash.Node.Chain;
using Dash.Node.Mempool;
using Dash.Node.Net;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;

namespace Dash.Node.Services;

/// <summary>How the node is, and numbers about it. Any thread; its parts are told as they come into being.</summary>
/// <param name="dispatcher">Whose calls are counted.</param>
/// <param name="hasWallet">A wallet process belongs to it.</param>
internal sealed class NodeHealth(RpcDispatcher dispatcher, bool hasWallet)
{
    private Parts? _parts;

    /// <summary>Its queues, once they are there.</summary>
    public RpcEndpoint? Endpoint { get; set; }

    /// <summary>From now on there is a chain to tell of.</summary>
    public void Watch(Chainstate chainstate, MempoolGate mempool, PeerNetwork peers) =>
        Volatile.Write(ref _parts, new Parts(chainstate, mempool, peers));

    /// <summary>Ready is: started, not far behind the chain, and the wallet process is there if one belongs to it.</summary>
    public HealthReport Report()
    {
        if (dispatcher.Warmup.Status is { } step)
        {
            return new(false, false, "starting", step);
        }

        return Volatile.Read(ref _parts) switch
        {
            { Chainstate.IsInitialBlockDownload: true } => new(true, false, "catching up", "blocks are missing"),
            _ when hasWallet && dispatcher.Table.Remote is not { IsThere: true } => new(true, false, "no wallet", "the wallet process is not there"),
            _ => new(true, true, "ready", null),
        };
    }

    /// <summary>Writes the numbers.</summary>
    public void Write(MetricsText text)
    {
        var report = Report();
        text.Gauge("dash_node_ready", "1 while /health/ready says yes.", report.IsStarted && report.IsReady ? 1 : 0);
        if (Volatile.Read(ref _parts) is { } parts)
        {
            var summary = parts.Mempool.Summary;
            text.Gauge("dash_node_height", "Height of the active chain.", parts.Chainstate.View.Height);
            text.Gauge("dash_node_mempool_transactions", "Transactions in the mempool.", summary.Count);
            text.Gauge("dash_node_mempool_bytes", "Their size.", summary.Size);
            text.Gauge("dash_node_peers", "Peers that are connected.", parts.Peers.Peers.All.Length);
        }

        dispatcher.Metrics.Write(text);
        text.Gauge("dash_rpc_running", "Calls under way.", dispatcher.Active.Count);
        Endpoint?.WriteMetrics(text);
    }

    private sealed record Parts(Chainstate Chainstate, MempoolGate Mempool, PeerNetwork Peers);
}
