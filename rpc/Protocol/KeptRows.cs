using System.Globalization;
using System.Runtime.CompilerServices;
using Dash.Common.Concurrency;

namespace Dash.Rpc.Protocol;

/// <summary>
/// The rows of a long list as JSON, in order, kept so that after a change only rows that changed are written anew. Numbers that count
/// blocks are put right in all rows where they stand. Not for two threads; what it wrote into replies may be read meanwhile.
/// </summary>
/// <remarks>
/// Rows lie one behind the other in chunks outside the managed heap, each row with its comma before it:
/// <code>
/// ,{"txid":…,"confirmations":217,…},{"txid":…,"confirmations":9,…}
///                            ^ number (at 52, 3 digits, of height 1200)
/// </code>
/// A reply shares the chunks. One that is shared is not written into: it is copied when its numbers change.
/// </remarks>
/// <typeparam name="TKey">What the rows are of, in their order.</typeparam>
/// <param name="number">The number for a place in the chain at a tip: what <see cref="RowWriter.WriteCount"/> was given, and the tip.</param>
/// <param name="chunkSize">Bytes of a chunk, about: so much is copied when a row in it changes.</param>
public sealed class KeptRows<TKey>(Func<int, int, int> number, int chunkSize)
    where TKey : IComparable<TKey>
{
    private List<RowChunk<TKey>> _chunks = [];
    private int _tip = -1;

    /// <summary>Bytes that are kept, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>The key of the first row; the default where there is none.</summary>
    public TKey? First => _chunks.Count > 0 ? _chunks[0].Keys[0] : default;

    /// <summary>The key of the last row; the default where there is none.</summary>
    public TKey? Last => _chunks.Count > 0 ? _chunks[^1].Keys[^1] : default;

    /// <summary>Writes some rows anew, and all numbers for a tip. If it throws, only <see cref="Clear"/> may follow.</summary>
    /// <param name="tip">The tip.</param>
    /// <param name="changed">The keys of those rows, in order and each once.</param>
    /// <param name="write">Writes the values of a row; none if there is no such row now.</param>
    public void Update(int tip, ReadOnlySpan<TKey> changed, Action<TKey, RowWriter> write)
    {
        if (tip == _tip && changed.IsEmpty)
        {
            return;
        }

        using ChunkBuilder<TKey> builder = new(number, tip, chunkSize);
        var isMoved = tip != _tip;
        for (var i = 0; i < _chunks.Count; i++)
        {
            ThreadTurns.Rest();
            var chunk = _chunks[i];
            var mine = changed;
            if (i + 1 < _chunks.Count)
            {
                mine = changed[..Before(changed, _chunks[i + 1].Keys[0])];
            }

            changed = changed[mine.Length..];
            if (mine.IsEmpty && builder.IsEmpty && (!isMoved || chunk.TryMove(number, tip)))
            {
                builder.Chunks.Add(chunk);
                continue;
            }

            Merge(chunk, mine, write, builder);
            chunk.Release();
            builder.EndIfLong();
        }

        Write(changed, write, builder);
        builder.End();
        (_chunks, _tip) = (builder.TakeChunks(), tip);
        (Bytes, Count) = (0, 0);
        foreach (var chunk in _chunks)
        {
            Bytes += chunk.Piece.Length + (chunk.Keys.Length * (long)(Unsafe.SizeOf<TKey>() + sizeof(int))) + (chunk.Numbers.Length * (long)Unsafe.SizeOf<RowNumber>());
            Count += chunk.Keys.Length;
        }
    }

    /// <summary>Writes rows that follow each other, with commas between them.</summary>
    /// <param name="reply">Where to.</param>
    /// <param name="isIn">Whether a row is wanted; those that are stand together.</param>
    public void WriteTo(ReplyBuffer reply, Predicate<TKey> isIn)
    {
        var isFirst = true;
        foreach (var chunk in _chunks)
        {
            var (from, to) = (0, chunk.Keys.Length);
            if (!isIn(chunk.Keys[0]) || !isIn(chunk.Keys[^1]))
            {
                from = Array.FindIndex(chunk.Keys, isIn);
                if (from < 0)
                {
                    continue;
                }

                to = Array.FindLastIndex(chunk.Keys, isIn) + 1;
            }

            var begin = chunk.Starts[from] + (isFirst ? 1 : 0);
            reply.Share(chunk.Piece, begin, chunk.StartOf(to) - begin);
            isFirst = false;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear()
    {
        foreach (var chunk in _chunks)
        {
            chunk.Release();
        }

        _chunks = [];
        (_tip, Bytes, Count) = (-1, 0, 0);
    }

    private static int Before(ReadOnlySpan<TKey> keys, TKey key)
    {
        var found = keys.BinarySearch(key, Comparer<TKey>.Default);
        return found >= 0 ? found : ~found;
    }

    private static void Write(ReadOnlySpan<TKey> keys, Action<TKey, RowWriter> write, ChunkBuilder<TKey> builder)
    {
        foreach (var key in keys)
        {
            builder.Write(key, write);
        }
    }

    private static void Merge(RowChunk<TKey> chunk, ReadOnlySpan<TKey> changed, Action<TKey, RowWriter> write, ChunkBuilder<TKey> builder)
    {
        for (var row = 0; row < chunk.Keys.Length; row++)
        {
            if (changed.IsEmpty)
            {
                builder.Copy(chunk, row);
                continue;
            }

            var key = chunk.Keys[row];
            var before = Before(changed, key);
            Write(changed[..before], write, builder);
            changed = changed[before..];
            if (!changed.IsEmpty && changed[0].CompareTo(key) == 0)
            {
                builder.Write(changed[0], write);
                changed = changed[1..];
            }
            else
            {
                builder.Copy(chunk, row);
            }
        }

        Write(changed, write, builder);
    }
}

/// <summary>What all kept rows have in common.</summary>
public static class KeptRows
{
    /// <summary>The usual size of a chunk, bytes.</summary>
    public const int ChunkSize = 1 << 17;
}

/// <summary>A number in a chunk of rows that follows from the tip.</summary>
/// <param name="At">Where its digits begin.</param>
/// <param name="Digits">How many, with its sign.</param>
/// <param name="Place">What it is the number of.</param>
internal readonly record struct RowNumber(int At, int Digits, int Place);

/// <summary>Some rows of a list, one behind the other.</summary>
internal sealed class RowChunk<TKey>
{
    private const int MostDigits = 11;

    private bool _isReleased;

    /// <summary>The rows, each with its comma.</summary>
    public required ReplyPiece Piece { get; set; }

    /// <summary>Bytes of the rows.</summary>
    public required int Length { get; init; }

    /// <summary>What the rows are of.</summary>
    public required TKey[] Keys { get; init; }

    /// <summary>Where each row begins.</summary>
    public required int[] Starts { get; init; }

    /// <summary>The numbers, in order.</summary>
    public required RowNumber[] Numbers { get; init; }

    /// <summary>Where a row begins, or the one behind the last would.</summary>
    public int StartOf(int row) => row < Starts.Length ? Starts[row] : Length;

    /// <summary>It is used no longer; replies that share it may go on.</summary>
    public void Release()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            Piece.Release();
        }
    }

    /// <summary>Puts the numbers right for a tip.</summary>
    /// <returns>False if some have more or fewer digits now; nothing was changed then.</returns>
    public bool TryMove(Func<int, int, int> number, int tip)
    {
        Span<byte> digits = stackalloc byte[MostDigits];
        var (known, length) = (int.MinValue, 0);
        foreach (var one in Numbers)
        {
            if (one.Place != known)
            {
                known = one.Place;
                number(known, tip).TryFormat(digits, out length, default, CultureInfo.InvariantCulture);
            }

            if (length != one.Digits)
            {
                return false;
            }
        }

        if (Numbers.Length == 0)
        {
            return true;
        }

        if (Piece.IsShared)
        {
            var own = ReplyPiece.Copy(Piece.GetSpan()[..Length]);
            Piece.Release();
            Piece = own;
        }

        var text = Piece.GetSpan();
        known = int.MinValue;
        foreach (var one in Numbers)
        {
            if (one.Place != known)
            {
                known = one.Place;
                number(known, tip).TryFormat(digits, out length, default, CultureInfo.InvariantCulture);
            }

            digits[..length].CopyTo(text[one.At..]);
        }

        return true;
    }
}
