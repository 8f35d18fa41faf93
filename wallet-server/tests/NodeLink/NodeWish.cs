using System.Collections.Concurrent;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>Wallets that wait for another node when a test says so.</summary>
internal sealed class NodeWish : INodeChoice
{
    private readonly ConcurrentQueue<string> _asked = [];
    private volatile bool _isUnserved;

    public bool IsUnserved
    {
        get => _isUnserved;
        set => _isUnserved = value;
    }

    /// <summary>Which node would do.</summary>
    public Func<NodeSession, bool> Serves { get; set; } = static _ => false;

    /// <summary>Nodes that were looked at.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public async Task UnservedAsync(bool some, CancellationToken ct)
    {
        while (_isUnserved != some) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, ct);
    }

    public Task<bool> IsServedByAsync(NodeSession other, CancellationToken ct)
    {
        _asked.Enqueue(other.Address);
        return Task.FromResult(Serves(other));
    }
}
