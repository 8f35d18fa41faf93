namespace Dash.Ipc.Tests.Interop;

/// <summary>Notes numbers in the order they come.</summary>
internal sealed class InteropCounter : ICounter
{
    private readonly List<uint> _seen = [];

    internal IReadOnlyList<uint> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    public ValueTask<uint> TickAsync(uint n, CancellationToken ct)
    {
        lock (_seen)
        {
            _seen.Add(n);
            return new((uint)_seen.Count - 1);
        }
    }

    public ValueTask<IReadOnlyList<uint>> NumbersAsync(CancellationToken ct) => new(Seen);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
