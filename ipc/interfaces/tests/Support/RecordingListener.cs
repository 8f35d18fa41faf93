using System.Threading.Channels;
using Dash.Primitives.Transactions;

namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>Writes down what it is told.</summary>
internal sealed class RecordingListener : IChainListener
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public ValueTask<string> NextAsync(CancellationToken ct) => _events.Reader.ReadAsync(ct);

    public ValueTask BlockConnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) =>
        Note($"{sequence} connected {block.Ref.Height} with {block.Data.Length} bytes");

    public ValueTask BlockDisconnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) =>
        Note($"{sequence} disconnected {block.Ref.Height}");

    public ValueTask TransactionAddedAsync(ulong sequence, ReadOnlyMemory<byte> tx, CancellationToken ct) =>
        Note($"{sequence} added {Convert.ToHexString(tx.Span)}");

    public ValueTask TransactionRemovedAsync(ulong sequence, Txid txid, string reason, CancellationToken ct) =>
        Note($"{sequence} removed {txid} {reason}");

    public ValueTask TransactionLockedAsync(ulong sequence, Txid txid, CancellationToken ct) => Note($"{sequence} locked {txid}");

    public ValueTask ChainLockedAsync(ulong sequence, BlockRef block, CancellationToken ct) =>
        Note($"{sequence} chain locked {block.Height}");

    public ValueTask BehindAsync(ulong sequence, CancellationToken ct) => Note($"behind {sequence}");

    public ValueTask MockTimeChangedAsync(long time, CancellationToken ct) => Note($"time {time}");

    public ValueTask SchedulerAdvancedAsync(long seconds, CancellationToken ct) => Note($"advanced {seconds}");

    public ValueTask DisposeAsync() => Note("disposed");

    private ValueTask Note(string text) => _events.Writer.WriteAsync(text);
}
