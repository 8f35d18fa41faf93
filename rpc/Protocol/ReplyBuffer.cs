using System.Buffers;
using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Bytes of a reply as they are made: pieces that are never copied when more come, so that a list of many megabytes costs its
/// own size, and none of it on the managed heap. What was written can be taken back. Not for two threads. Disposing gives the memory back.
/// </summary>
public sealed class ReplyBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstPiece = 4096;

    // What is kept and no longer than this is copied: shared pieces make more, smaller ones to send, and a short answer would keep a long piece.
    private const int CopiedAtMost = 1 << 15;

    [ThreadStatic]
    private static ReplyBuffer? _spare;

    [ThreadStatic]
    private static Utf8JsonWriter? _spareWriter;

    private static readonly ArrayBufferWriter<byte> Nowhere = new(1);

    private readonly byte[] _first = new byte[FirstPiece];
    private readonly List<ReplyPart> _full = [];
    private ReplyPart _last;

    // What was taken from the beginning: so many of the full parts, and so much of the one after them.
    private (int Parts, int Bytes) _taken;

    private ReplyBuffer() => _last = new(_first, 0, null, false);

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Whoever made this takes a <see cref="Rest"/> too; else a reply is here as a whole.</summary>
    public bool TakesRest { get; set; }

    /// <summary>What comes after the bytes written here; null for nothing. Whoever made this reads or disposes it.</summary>
    public IReplyRest? Rest { get; set; }

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
    /// <param name="most">None is longer, bytes.</param>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces(int most = int.MaxValue)
    {
        foreach (var part in _full.Append(_last))
        {
            for (var left = part.Written; !left.IsEmpty; left = left[Math.Min(most, left.Length)..])
            {
                yield return left[..Math.Min(most, left.Length)];
            }
        }
    }

    /// <summary>All bytes when they are in one piece, as those of short replies are.</summary>
    public bool TryGetSingle(out ReadOnlyMemory<byte> bytes)
    {
        bytes = _last.Written;
        return _full.Count == 0;
    }

    /// <summary>
    /// Takes bytes from the beginning, and gives back the memory of pieces that were taken to their end. From the first time on nothing
    /// else is done with this than taking and disposing.
    /// </summary>
    /// <returns>How many; less than there is room for at the end alone.</returns>
    public int Take(Span<byte> target)
    {
        var count = 0;
        while (count < target.Length && _taken.Parts <= _full.Count)
        {
            var isLast = _taken.Parts == _full.Count;
            var part = isLast ? _last : _full[_taken.Parts];
            var piece = part.Written.Span[_taken.Bytes..];
            piece = piece[..Math.Min(piece.Length, target.Length - count)];
            piece.CopyTo(target[count..]);
            count += piece.Length;
            _taken.Bytes += piece.Length;
            if (_taken.Bytes < part.Used)
            {
                continue;
            }

            if (part.Piece is not null && !isLast)
            {
                part.Piece.Release();
                _full[_taken.Parts] = default;
            }

            _taken = (_taken.Parts + 1, 0);
        }

        return count;
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
        while (Length - _last.Used > length)
        {
            Length -= _last.Used;
            DropLast();
        }

        _last.Used -= (int)(Length - length);
        Length = length;
    }

    /// <summary>
    /// What was written from a place on, to be written again into other replies. Pieces are shared from now on; what is short is copied.
    /// </summary>
    public KeptReply Keep(long from)
    {
        List<ReplyPart> kept = [];
        var at = 0L;
        for (var i = 0; i < _full.Count; i++)
        {
            var part = _full[i];
            Keep(ref part, (int)Math.Clamp(from - at, 0, part.Used), kept);
            _full[i] = part;
            at += part.Used;
        }

        Keep(ref _last, (int)Math.Clamp(from - at, 0, _last.Used), kept);
        return new KeptReply([.. kept], Length - from);
    }

    /// <summary>Writes bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => this.Write(bytes);

    /// <summary>Writes what was kept; nothing of what is long is copied.</summary>
    public void Write(KeptReply kept)
    {
        foreach (var part in kept.Parts)
        {
            if (part.Piece is { } piece)
            {
                Share(piece, part.Memory, part.Used);
            }
            else
            {
                this.Write(part.Written.Span);
            }
        }
    }

    /// <summary>Writes a part of a piece that others use too, without copying it; it must not change any more while it is shared.</summary>
    internal void Share(ReplyPiece piece, int from, int length) => Share(piece, piece.Memory.Slice(from, length), length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_last.Memory.Length - _last.Used), nameof(count));
        _last.Used += count;
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _last.Memory[_last.Used..];
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_full.Count > 0)
        {
            DropLast();
        }

        _last.Used = 0;
        Length = 0;
        _taken = default;
        (TakesRest, Rest) = (false, null);
        _spare = this;
    }

    private static void Keep(ref ReplyPart part, int from, List<ReplyPart> kept)
    {
        var length = part.Used - from;
        if (part.Piece is { } piece && length > CopiedAtMost)
        {
            piece.Share();
            part.IsShared = true;
            kept.Add(new(part.Memory[from..part.Used], length, piece, true));
        }
        else if (length > 0)
        {
            kept.Add(new(part.Memory[from..part.Used].ToArray(), length, null, true));
        }
    }

    private void Share(ReplyPiece piece, Memory<byte> memory, int used)
    {
        piece.Share();
        _full.Add(_last);
        _last = new(memory, used, piece, true);
        Length += used;
    }

    // Never the first one, which is this buffer's own.
    private void DropLast()
    {
        _last.Piece?.Release();
        _last = _full[^1];
        _full.RemoveAt(_full.Count - 1);
    }

    // What others read is not written behind, where they may write too.
    private void Ensure(int sizeHint)
    {
        if (!_last.IsShared && _last.Memory.Length - _last.Used >= Math.Max(sizeHint, 1))
        {
            return;
        }

        _full.Add(_last);
        var piece = ReplyPiece.Rent(sizeHint);
        _last = new(piece.Memory, 0, piece, false);
    }
}
