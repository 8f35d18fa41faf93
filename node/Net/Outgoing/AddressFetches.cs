using System.Collections.Concurrent;

namespace Dash.Node.Net.Outgoing;

/// <summary>Names of nodes that are to be asked once for addresses. Any thread.</summary>
internal sealed class AddressFetches
{
    private readonly ConcurrentQueue<string> _names = new();

    /// <summary>Adds one.</summary>
    public void Add(string name) => _names.Enqueue(name);

    /// <summary>Takes the oldest.</summary>
    public bool TryTake(out string? name) => _names.TryDequeue(out name);
}
