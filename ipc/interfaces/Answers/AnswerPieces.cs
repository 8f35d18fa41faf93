using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Interfaces.Answers;

/// <summary>
/// The reader's side of an <see cref="IRpcAnswer"/>. While one piece is used, the next is under way. Pieces are as large as the link is
/// quick: no message of them takes a minute, in which it would be given up.
/// </summary>
/// <remarks>One reader at a time.</remarks>
public sealed class AnswerPieces : IAsyncDisposable
{
    /// <summary>For the first piece, which is all there is of nearly every answer.</summary>
    public const int First = 1 << 18;

    private const int Least = 1 << 17;

    // With what belongs to a message it stays below a megabyte: as much as a pool's array holds, and no large object.
    private const int Most = (1 << 20) - (1 << 14);

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private readonly IRpcAnswer _answer;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private long _expected; // bytes that were not asked for, or are under way
    private int _size = First;
    private Task<ReadOnlyMemory<byte>>? _next;

    /// <summary>A reader that asks for its first piece at once.</summary>
    /// <param name="answer">Owned from here on.</param>
    /// <param name="left">Bytes that it has.</param>
    /// <param name="time">For how long a piece takes.</param>
    public AnswerPieces(IRpcAnswer answer, long left, TimeProvider time)
    {
        (_answer, Left, _expected, _time) = (answer, left, left, time);
        _next = left > 0 ? AskAsync() : null;
    }

    /// <summary>Bytes that were not read yet.</summary>
    public long Left { get; private set; }

    /// <summary>The next bytes, at least one unless nothing is left; they are the reader's to keep.</summary>
    /// <exception cref="IpcException">The other process is gone, or does not keep the answer any more.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct)
    {
        if (_next is null)
        {
            return default;
        }

        var piece = await _next.WaitAsync(ct).ConfigureAwait(false);
        Left -= piece.Length;
        _next = Left > 0 ? AskAsync() : null;
        return piece;
    }

    /// <summary>Lets the answer go, read to its end or not. Never fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_next is not null)
        {
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
        await _answer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>> AskAsync()
    {
        var begun = _time.GetTimestamp();
        var piece = await _answer.ReadAsync((uint)_size, _stop.Token).ConfigureAwait(false);
        if (piece.IsEmpty || piece.Length > _expected)
        {
            throw new IpcException("The other process does not give the answer that it announced");
        }

        _expected -= piece.Length;
        _size = _time.GetElapsedTime(begun) < Slow ? Math.Min(_size * 2, Most) : Math.Max(_size / 2, Least);
        return piece;
    }
}
