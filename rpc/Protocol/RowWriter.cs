using System.Buffers;
using System.Text.Json;
using Dash.Common.Concurrency;

namespace Dash.Rpc.Protocol;

/// <summary>Writes rows of <see cref="KeptRows{TKey}"/>.</summary>
public abstract class RowWriter
{
    /// <summary>Takes the values of the row.</summary>
    public abstract Utf8JsonWriter Json { get; }

    /// <summary>Writes the value of a member that follows from the tip, now and whenever the tip moves.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="place">Where it is in the chain.</param>
    public abstract void WriteCount(string name, int place);
}

/// <summary>Makes chunks of rows, new ones and such that were there.</summary>
internal sealed class ChunkBuilder<TKey> : RowWriter, IDisposable
{
    private readonly Func<int, int, int> _number;
    private readonly int _tip;
    private readonly int _size;
    private readonly RowText _text;
    private readonly List<TKey> _keys = [];
    private readonly List<int> _starts = [];
    private readonly List<RowNumber> _numbers = [];
    private Utf8JsonWriter? _json;

    /// <summary>One for a tip.</summary>
    public ChunkBuilder(Func<int, int, int> number, int tip, int size)
    {
        (_number, _tip, _size) = (number, tip, size);
        _text = new RowText(size);
    }

    /// <summary>The chunks so far.</summary>
    public List<RowChunk<TKey>> Chunks { get; private set; } = [];

    /// <summary>No row waits for the end of its chunk.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <inheritdoc/>
    public override Utf8JsonWriter Json => _json ?? throw new InvalidOperationException("no row is being written");

    /// <inheritdoc/>
    public override void WriteCount(string name, int place)
    {
        var json = Json;
        json.WritePropertyName(name);
        json.Flush();
        var at = _text.Length;
        json.WriteNumberValue(_number(place, _tip));
        json.Flush();
        _numbers.Add(new RowNumber(at, _text.Length - at, place));
    }

    /// <summary>Writes a row anew, if there is one.</summary>
    public void Write(TKey key, Action<TKey, RowWriter> write)
    {
        if (_json is null)
        {
            // A value before the first row, so that each has its comma.
            var before = _text.Length;
            _json = new Utf8JsonWriter(_text, JsonText.WriterOptions);
            _json.WriteStartArray();
            _json.WriteNumberValue(0);
            _json.Flush();
            _text.Truncate(before);
        }

        ThreadTurns.Rest();
        var start = _text.Length;
        write(key, this);
        _json.Flush();
        if (_text.Length > start)
        {
            _keys.Add(key);
            _starts.Add(start);
            if (_text.Length >= _size)
            {
                End();
            }
        }
    }

    /// <summary>Takes a row as it was, its numbers put right.</summary>
    public void Copy(RowChunk<TKey> chunk, int row)
    {
        ThreadTurns.Rest();
        _keys.Add(chunk.Keys[row]);
        _starts.Add(_text.Length);
        var text = chunk.Piece.GetSpan();
        var (from, to) = (chunk.Starts[row], chunk.StartOf(row + 1));
        for (var i = FirstAt(chunk.Numbers, from); i < chunk.Numbers.Length && chunk.Numbers[i].At < to; i++)
        {
            var number = chunk.Numbers[i];
            _text.Write(text[from..number.At]);
            var at = _text.Length;
            _number(number.Place, _tip).TryFormat(_text.GetSpan(16), out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
            _text.Advance(digits);
            _numbers.Add(new RowNumber(at, digits, number.Place));
            from = number.At + number.Digits;
        }

        _text.Write(text[from..to]);
        if (_text.Length >= _size)
        {
            End();
        }
    }

    /// <summary>Ends the chunk, unless it is so short that the rows that follow belong to it too.</summary>
    public void EndIfLong()
    {
        if (_text.Length >= _size / 4)
        {
            End();
        }
    }

    /// <summary>Ends the chunk.</summary>
    public void End()
    {
        if (_keys.Count > 0)
        {
            Chunks.Add(new RowChunk<TKey>
            {
                Piece = ReplyPiece.Copy(_text.Written),
                Length = _text.Length,
                Keys = [.. _keys],
                Starts = [.. _starts],
                Numbers = [.. _numbers],
            });
        }

        _keys.Clear();
        _starts.Clear();
        _numbers.Clear();
        _text.Truncate(0);
    }

    /// <summary>The chunks, which are the caller's from now on.</summary>
    public List<RowChunk<TKey>> TakeChunks()
    {
        var chunks = Chunks;
        Chunks = [];
        return chunks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var chunk in Chunks)
        {
            chunk.Release();
        }

        _text.Dispose();
    }

    private static int FirstAt(RowNumber[] numbers, int at)
    {
        var (low, high) = (0, numbers.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = numbers[middle].At < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Text that grows, in memory of a pool.</summary>
    private sealed class RowText(int size) : IBufferWriter<byte>, IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size + (size / 4));

        public int Length { get; private set; }

        public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        public void Truncate(int length) => Length = length;

        public void Write(ReadOnlySpan<byte> text)
        {
            text.CopyTo(GetSpan(text.Length));
            Length += text.Length;
        }

        public void Advance(int count) => Length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Ensure(sizeHint);
            return _bytes.AsMemory(Length);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Ensure(sizeHint);
            return _bytes.AsSpan(Length);
        }

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        private void Ensure(int sizeHint)
        {
            if (_bytes.Length - Length >= Math.Max(sizeHint, 1))
            {
                return;
            }

            var longer = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + sizeHint));
            Written.CopyTo(longer);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = longer;
        }
    }
}
