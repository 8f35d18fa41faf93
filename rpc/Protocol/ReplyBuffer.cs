using System.Buffers;
using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Bytes of a reply as they are made: pieces that are never copied when more come, so that a list of many megabytes costs its
/// own size. What was written can be taken back. Not for two threads. Disposing gives the memory back.
/// </summary>
public sealed class ReplyBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstPiece = 4096;
    private const int LargestPiece = 1 << 19;

    // What is kept and no longer than this is copied: shared pieces make more, smaller ones to send.
    private const int CopiedAtMost = 1 << 15;

    [ThreadStatic]
    private static ReplyBuffer? _spare;

    [ThreadStatic]
    private static Utf8JsonWriter? _spareWriter;

    private static readonly ArrayBufferWriter<byte> Nowhere = new(1);

    private readonly List<(byte[] Piece, int Used, bool IsShared)> _full = [];
    private byte[] _piece = new byte[FirstPiece];
    private int _used;
    private bool _isShared;

    private ReplyBuffer()
    {
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>An empty one.</summary>
    public static ReplyBuffer Rent()
    {
        var buffer = _spare ?? new ReplyBuffer();
        _spare = null;
        return buffer;
    }

    /// <summary>A writer of one JSON value at the end; give it back by <see cref="EndJson"/> unless it failed.</summary>
    public Utf8JsonWriter BeginJson()
    {
        if (_spareWriter is not { } writer)
        {
            return new Utf8JsonWriter(this, JsonText.WriterOptions);
        }

        _spareWriter = null;
        writer.Reset(this);
        return writer;
    }

    /// <summary>The value is complete.</summary>
    public static void EndJson(Utf8JsonWriter writer)
    {
        writer.Flush();
        writer.Reset(Nowhere);
        _spareWriter = writer;
    }

    /// <summary>The pieces in their order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        foreach (var (piece, used, _) in _full)
        {
            yield return piece.AsMemory(0, used);
        }

        if (_used > 0)
        {
            yield return _piece.AsMemory(0, _used);
        }
    }

    /// <summary>All bytes when they are in one piece, as those of short replies are.</summary>
    public bool TryGetSingle(out ReadOnlyMemory<byte> bytes)
    {
        bytes = _piece.AsMemory(0, _used);
        return _full.Count == 0;
    }

    /// <summary>A copy of what was written from a place on.</summary>
    public byte[] ToArray(long from = 0)
    {
        var bytes = new byte[Length - from];
        var at = -from;
        foreach (var piece in Pieces())
        {
            var skipped = (int)Math.Clamp(-at, 0, piece.Length);
            piece.Span[skipped..].CopyTo(bytes.AsSpan((int)Math.Max(at, 0)));
            at += piece.Length;
        }

        return bytes;
    }

    /// <summary>Takes back what was written after a place.</summary>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)length, (ulong)Length, nameof(length));
        while (Length - _used > length)
        {
            Length -= _used;
            DropPiece();
        }

        _used -= (int)(Length - length);
        Length = length;
        if (_isShared)
        {
            // Others read it: what comes next goes elsewhere.
            var own = ArrayPool<byte>.Shared.Rent(Math.Max(_used, FirstPiece));
            _piece.AsSpan(0, _used).CopyTo(own);
            (_piece, _isShared) = (own, false);
        }
    }

    /// <summary>
    /// What was written from a place on, to be written again into other replies. Whole pieces are shared from now on, and belong to
    /// nobody's pool any more; only the ends are copied.
    /// </summary>
    public KeptReply Keep(long from)
    {
        List<(byte[] Piece, int Used)> kept = [];
        var at = 0L;
        for (var i = 0; i < _full.Count; i++)
        {
            var (piece, used, _) = _full[i];
            var skipped = (int)Math.Clamp(from - at, 0, used);
            if (skipped == 0 && i > 0)
            {
                _full[i] = (piece, used, true);
                kept.Add((piece, used));
            }
            else if (skipped < used)
            {
                kept.Add((piece[skipped..used], used - skipped));
            }

            at += used;
        }

        var rest = (int)Math.Clamp(from - at, 0, _used);
        kept.Add((_piece[rest.._used], _used - rest));
        return new KeptReply([.. kept], Length - from);
    }

    /// <summary>Writes what was kept; nothing of what is long is copied.</summary>
    public void Write(KeptReply kept)
    {
        if (kept.Length <= CopiedAtMost)
        {
            foreach (var (piece, used) in kept.Pieces)
            {
                this.Write(piece.AsSpan(0, used));
            }

            return;
        }

        foreach (var (piece, used) in kept.Pieces)
        {
            _full.Add((_piece, _used, _isShared));
            (_piece, _used, _isShared) = (piece, used, true);
            Length += used;
        }

        _full.Add((_piece, _used, _isShared));
        (_piece, _used, _isShared) = (ArrayPool<byte>.Shared.Rent(FirstPiece), 0, false);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_piece.Length - _used), nameof(count));
        _used += count;
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _piece.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _piece.AsSpan(_used);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_full.Count > 0)
        {
            DropPiece();
        }

        _used = 0;
        Length = 0;
        _spare = this;
    }

    // Never the first one, which is this buffer's own.
    private void DropPiece()
    {
        if (!_isShared)
        {
            ArrayPool<byte>.Shared.Return(_piece);
        }

        (_piece, _used, _isShared) = _full[^1];
        _full.RemoveAt(_full.Count - 1);
    }

    private void Ensure(int sizeHint)
    {
        if (_piece.Length - _used >= Math.Max(sizeHint, 1))
        {
            return;
        }

        _full.Add((_piece, _used, _isShared));
        _isShared = false;
        _piece = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, Math.Min(_piece.Length * 2, LargestPiece)));
        _used = 0;
    }
}
