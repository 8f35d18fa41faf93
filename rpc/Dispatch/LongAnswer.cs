using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// An answer that another process reads in pieces; what was read gives its memory back at once. One reader at a time: a second one is
/// refused. Any thread may give it up.
/// </summary>
public sealed class LongAnswer : IAsyncDisposable
{
    private readonly Lock _gate = new(); // protects the buffer, which is null once this was given up
    private readonly IReplyRest? _rest;
    private ReplyBuffer? _buffer;
    private long _inBuffer;
    private ReadOnlyMemory<byte> _ofRest; // came in one piece, and was more than was asked for
    private byte[] _block = [];
    private int _isBusy;

    internal LongAnswer(int status, ReplyBuffer buffer)
    {
        (Status, _buffer, _rest, _inBuffer) = (status, buffer, buffer.Rest, buffer.Length);
        Left = Length = buffer.Length + (_rest?.Left ?? 0);
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Bytes of it all.</summary>
    public long Length { get; }

    /// <summary>Bytes that were not read yet.</summary>
    public long Left { get; private set; }

    /// <summary>Bytes of it that this process holds.</summary>
    public long Held => Volatile.Read(ref _inBuffer);

    /// <summary>The next bytes; nothing after the last. They are good until the next are read.</summary>
    /// <param name="most">How many at most, at least one.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="InvalidOperationException">It was given up, or is being read already.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int most, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new InvalidOperationException("The answer is being read already");
        }

        try
        {
            var piece = Take(most);
            if (piece.IsEmpty && Left > 0 && _rest is not null)
            {
                _ofRest = _ofRest.IsEmpty ? await _rest.ReadAsync(ct) : _ofRest;
                piece = _ofRest[..Math.Min(most, _ofRest.Length)];
                _ofRest = _ofRest[piece.Length..];
            }

            Left -= piece.Length;
            return piece;
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Gives back what is held of it; it cannot be read any further.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _buffer?.Dispose();
            _buffer = null;
            _inBuffer = 0;
        }
    }

    /// <summary>Nobody reads it any more.</summary>
    public ValueTask DisposeAsync()
    {
        GiveUp();
        return _rest?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private ReadOnlyMemory<byte> Take(int most)
    {
        lock (_gate)
        {
            if (_buffer is null)
            {
                return Left == 0
                    ? default
                    : throw new InvalidOperationException("The answer is not kept any more: it was not read for too long, or others needed its place");
            }

            // A block of its own: the memory of the buffer goes back to the system while a careless peer's other call may still write from here.
            var size = (int)Math.Min(most, _inBuffer);
            if (_block.Length < size)
            {
                _block = new byte[size];
            }

            var count = _buffer.Take(_block.AsSpan(0, size));
            _inBuffer -= count;
            return _block.AsMemory(0, count);
        }
    }
}
