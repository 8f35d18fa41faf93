using Dash.Common.Hosting;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc.Events;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>How the daemon is, and numbers about it. No amounts, no addresses, no names but those of wallets.</summary>
internal sealed class WalletHealth(WalletContext context, RpcDispatcher dispatcher)
{
    /// <summary>Its queues, once they are there.</summary>
    public RpcEndpoint? Endpoint { get; set; }

    /// <summary>Who posts events; null if nobody does.</summary>
    public WalletWebhooks? Webhooks { get; set; }

    /// <summary>Ready is: started, every wallet can be written, and the node is followed.</summary>
    public HealthReport Report()
    {
        var isStarted = dispatcher.Warmup.Status is null;
        var status = context.Sync.StatusOf(null);
        if (context.Wallets.All.Find(static wallet => wallet.Broken is not null) is { Broken: { } reason } broken)
        {
            return new(isStarted, false, status.Name, $"[{broken.ShownName}] {reason.Message}") { Remarks = Remarks() };
        }

        return new(isStarted, status.State == NodeState.Connected, status.Name, dispatcher.Warmup.Status ?? status.Reason) { Remarks = Remarks() };
    }

    /// <summary>Writes the numbers.</summary>
    public void Write(MetricsText text)
    {
        var report = Report();
        text.Gauge("dash_wallet_ready", "1 while /health/ready says yes.", report.IsStarted && report.IsReady ? 1 : 0);
        text.Family("dash_wallet_node_state", "gauge", "1 for the state that holds towards the node.");
        foreach (var state in Enum.GetValues<NodeState>())
        {
            var name = new NodeStatus(state, null).Name;
            text.Sample("dash_wallet_node_state", name == report.State ? 1 : 0, ("state", name));
        }

        text.Counter("dash_wallet_node_attached_total", "Times a node was there to attach to.", context.Node.Attached);
        dispatcher.Metrics.Write(text);
        text.Gauge("dash_rpc_running", "Calls under way.", dispatcher.Active.Count);
        if (dispatcher.Answers is { } answers)
        {
            text.Gauge("dash_rpc_kept_answers_bytes", "Long answers that are kept to be given again.", answers.Bytes);
            text.Counter("dash_rpc_kept_answers_total", "Calls answered with them.", answers.Given);
        }

        Endpoint?.WriteMetrics(text);
        WriteWallets(text);
    }

    // A receiver that is away is no reason to send callers elsewhere.
    private IReadOnlyList<string> Remarks() => Webhooks?.Counts.Troubles(context.Wallets.All) ?? [];

    private void WriteWallets(MetricsText text)
    {
        var wallets = context.Wallets.All;
        text.Gauge("dash_wallets_loaded", "Wallets that are loaded.", wallets.Count);
        Each("dash_wallet_height", "gauge", "Height of the last block seen.", static wallet => wallet.Snapshot.Tip.Height);
        Each("dash_wallet_transactions", "gauge", "Transactions.", static wallet => wallet.Snapshot.TxCount);
        Each("dash_wallet_coins", "gauge", "Coins that are unspent.", static wallet => wallet.Snapshot.Coins.Count);
        Each("dash_wallet_pending", "gauge", "Transactions in no block.", static wallet => wallet.Snapshot.Pending.Count);
        Each("dash_wallet_events_total", "counter", "Lines written into the event log.", static wallet => wallet.Snapshot.NextEvent - 1);
        Each("dash_wallet_commits_total", "counter", "Durable writes since it was loaded.", static wallet => wallet.Commits);
        Each("dash_wallet_commit_seconds_total", "counter", "Time they took.", static wallet => wallet.CommitTime.TotalSeconds);
        Each("dash_wallet_broken", "gauge", "1 when the file cannot be written.", static wallet => wallet.Broken is null ? 0 : 1);
        Webhooks?.Counts.Write(text, Webhooks.Targets, wallets);

        void Each(string name, string type, string help, Func<Wallet, double> number)
        {
            text.Family(name, type, help);
            foreach (var wallet in wallets)
            {
                text.Sample(name, number(wallet), ("wallet", wallet.Name));
            }
        }
    }
}
