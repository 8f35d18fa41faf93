using System.Threading.Channels;

namespace Dash.Common.Concurrency;

/// <summary>
/// Wakes one waiter. Set while nobody waits, it is kept for the next; set several times, it is kept once. Setting is for
/// any thread.
/// </summary>
public sealed class AsyncSignal
{
    private readonly Channel<bool> _set =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the waiter, or the next one.</summary>
    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits until it is set.</summary>
    public async ValueTask WaitAsync(CancellationToken ct) => await _set.Reader.ReadAsync(ct).ConfigureAwait(false);
}
