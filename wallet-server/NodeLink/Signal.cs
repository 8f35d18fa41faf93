using System.Threading.Channels;

namespace Dash.WalletServer.NodeLink;

/// <summary>Wakes one waiter; several calls before it looks count as one. Any thread may set it.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Wakes the waiter, now or when it comes to wait.</summary>
    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits until it is set and resets it.</summary>
    public async ValueTask WaitAsync(CancellationToken ct) => await _set.Reader.ReadAsync(ct).ConfigureAwait(false);
}
