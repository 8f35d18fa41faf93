using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>A line in the log whenever the state towards the node is another. Any thread.</summary>
internal sealed class NodeStatusLog(ILogger log)
{
    private readonly Lock _gate = new(); // protects _last
    private NodeState? _last;

    /// <summary>Says the state if it is new.</summary>
    public void Report(NodeStatus status)
    {
        lock (_gate)
        {
            if (_last == status.State)
            {
                return;
            }

            _last = status.State;
        }

        if (log.IsEnabled(LogLevel.Information))
        {
            Log.NodeStatus(log, status.Name, status.Reason is { } reason ? $" ({reason})" : "");
        }
    }
}
