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

    [ThreadStatic]
    private static ReplyBuffer? _spare;

    [ThreadStatic]
    private static Utf8JsonWriter? _spareWriter;

    private static readonly ArrayBufferWriter<byte> Nowhere = new(1);

    private readonly List<(byte[] Piece, int Used)> _full = [];
    private byte[] _piece = new byte[FirstPiece];
    private int _used;

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
        foreach (var (piece, used) in _full)
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
        ArrayPool<byte>.Shared.Return(_piece);
        (_piece, _used) = _full[^1];
        _full.RemoveAt(_full.Count - 1);
    }

    private void Ensure(int sizeHint)
    {
        if (_piece.Length - _used >= Math.Max(sizeHint, 1))
        {
            return;
        }

        _full.Add((_piece, _used));
        _piece = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, Math.Min(_piece.Length * 2, LargestPiece)));
        _used = 0;
    }
}
