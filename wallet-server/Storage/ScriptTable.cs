using System.Buffers.Binary;
using Dash.Common.Concurrency;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// The script index in the file: deriving a script takes tens of microseconds, reading its mark next to nothing. A mark says
/// nothing to who does not have the key beside it, and is true for ever. Public keys of the scripts stand beside the marks, for lists
/// of coins; they are read when asked for.
/// </summary>
internal static class ScriptTable
{
    /// <summary>Stores a row: keychain, first index, marks, keys or null.</summary>
    public const string Insertion = "INSERT OR REPLACE INTO dw_script VALUES(?1, ?2, ?3, ?4)";

    private const string SaltName = "script_salt";
    private const int MarkSize = 16;

    // So many marks make a row at most when many are stored at once; and rows that an earlier build left are joined when there are
    // so many: reading one costs microseconds, joining all of a large wallet a second and eighty megabytes.
    private const int Joined = 1 << 16;
    private const int MostRows = 4096;

    // Addresses are given out one by one. When so many more indexes have marks their rows become one, so that nothing is left to be
    // joined at loading, and each mark is written three times at most.
    private static readonly int[] Steps = [64, 4096];

    // Others are let in after so many marks, at most.
    private const int RestMask = 0xFF;

    /// <summary>Makes the index of a wallet's keychains: marks that are stored are read, the others are made and stored.</summary>
    public static ScriptIndex Load(SqliteConnection connection, IReadOnlyList<Keychain> keychains)
    {
        var salt = WalletTables.ReadMeta(connection, SaltName) as byte[];
        if (salt is not { Length: ScriptIndex.SaltSize })
        {
            salt = System.Security.Cryptography.RandomNumberGenerator.GetBytes(ScriptIndex.SaltSize);
            WalletDatabase.Execute(connection, "DELETE FROM dw_script");
            WalletDatabase.Execute(connection, "INSERT OR REPLACE INTO dw_meta VALUES($a, $b)", SaltName, salt);
        }

        var index = new ScriptIndex(salt, keychains.Sum(static keychain => keychain.RangeEnd - keychain.RangeStart));
        using RawStatement put = new(connection, Insertion);
        for (var place = 0; place < keychains.Count; place++)
        {
            Load(connection, put, index, place, keychains);
        }

        return index;
    }

    /// <summary>Stores marks.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="put">Its <see cref="Insertion"/>.</param>
    /// <param name="marks">In the order in which they were made.</param>
    /// <param name="keychains">Of the wallet.</param>
    public static void Write(SqliteConnection connection, RawStatement put, IReadOnlyList<ScriptMark> marks, IReadOnlyList<Keychain> keychains)
    {
        // A block that pays addresses of several keychains widens them in turn: marks of one belong together nevertheless.
        foreach (var ofChain in marks.GroupBy(static mark => mark.Place.Keychain))
        {
            if (keychains[ofChain.Key] is var keychain && IsKept(keychain))
            {
                Write(connection, put, keychain.Id, [.. ofChain]);
            }
        }
    }

    private static void Write(SqliteConnection connection, RawStatement put, Uint256 chain, ScriptMark[] marks)
    {
        for (var from = 0; from < marks.Length;)
        {
            var to = from + 1;
            while (to < marks.Length && to - from < Joined && marks[to].Place.Index == marks[to - 1].Place.Index + 1
                && (marks[to].Key is null) == (marks[from].Key is null))
            {
                to++;
            }

            var bytes = new byte[(to - from) * MarkSize];
            var keys = marks[from].Key is null ? null : new byte[(to - from) * PublicKey.CompressedSize];
            for (var i = from; i < to; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i - from) * MarkSize), marks[i].Hash);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(((i - from) * MarkSize) + 8), marks[i].Check);
                marks[i].Key?.CopyTo(keys.AsSpan((i - from) * PublicKey.CompressedSize));
            }

            var (first, end) = (marks[from].Place.Index, marks[to - 1].Place.Index + 1);
            Put(put, chain, first, bytes, keys);
            foreach (var step in Steps)
            {
                if (end / step > first / step && (end / step * step) is var full && full - step < first)
                {
                    Join(connection, put, chain, full - step, full);
                }
            }

            from = to;
        }
    }

    // Several scripts an index are not told apart in a row: such keychains are rare and small.
    private static bool IsKept(Keychain keychain) => keychain.IsRanged && keychain.Descriptor.Kind != Primitives.Descriptors.DescriptorKind.Combo;

    private static void Load(SqliteConnection connection, RawStatement put, ScriptIndex index, int place, IReadOnlyList<Keychain> keychains)
    {
        var keychain = keychains[place];
        var next = keychain.RangeStart;
        var count = 0;
        using (RawStatement rows = new(connection, "SELECT first, marks FROM dw_script WHERE chain = $p ORDER BY first"))
        {
            rows.Bind(1, keychain.Id);
            for (; IsKept(keychain) && rows.Step(); count++)
            {
                Take((int)rows.Number(0), rows.Span(1));
            }
        }

        Derive(next, keychain.RangeEnd);
        if (count > MostRows)
        {
            Join(connection, put, keychain.Id, 0, int.MaxValue);
        }

        void Take(int first, ReadOnlySpan<byte> marks)
        {
            if (first > next)
            {
                Derive(next, Math.Min(first, keychain.RangeEnd));
                next = first;
            }

            var end = Math.Min(first + (marks.Length / MarkSize), keychain.RangeEnd);
            for (; next < end; next++)
            {
                if ((next & RestMask) == 0)
                {
                    ThreadTurns.Rest();
                }

                var mark = marks.Slice((next - first) * MarkSize, MarkSize);
                index.Add(new ScriptMark(
                    new ScriptPlace(place, next),
                    BinaryPrimitives.ReadUInt64LittleEndian(mark),
                    BinaryPrimitives.ReadUInt64LittleEndian(mark[8..])));
            }
        }

        // A row at a time, so that not all that is to be stored is in memory.
        void Derive(int from, int to)
        {
            for (; from < to; from += Joined)
            {
                index.Add(place, keychain, from, Math.Min(to, from + Joined));
                Write(connection, put, index.TakeFresh(), keychains);
                index.Keep();
            }
        }
    }

    // Rows that begin from one index up to (not including) another one, and follow each other.
    private static void Join(SqliteConnection connection, RawStatement put, Uint256 chain, int from, int to)
    {
        List<(int First, byte[] Marks, byte[]? Keys)> joined = [];
        var count = 0;
        using (RawStatement rows = new(connection, "SELECT first, marks, keys FROM dw_script WHERE chain = ? AND first >= ? AND first < ? ORDER BY first"))
        {
            rows.Bind(1, chain);
            rows.Bind(2, from);
            rows.Bind(3, to);
            using MemoryStream marks = new();
            using MemoryStream keys = new();
            var (first, hasKeys) = (0, false);
            for (; rows.Step(); count++)
            {
                var at = (int)rows.Number(0);
                if (at != first + ((int)marks.Length / MarkSize) || marks.Length >= Joined * MarkSize || rows.IsNull(2) == hasKeys)
                {
                    End();
                    (first, hasKeys) = (at, !rows.IsNull(2));
                }

                marks.Write(rows.Span(1));
                keys.Write(rows.Span(2));
            }

            End();

            void End()
            {
                if (marks.Length > 0)
                {
                    joined.Add((first, marks.ToArray(), hasKeys ? keys.ToArray() : null));
                }

                marks.SetLength(0);
                keys.SetLength(0);
            }
        }

        if (joined.Count == count)
        {
            return;
        }

        WalletDatabase.Execute(connection, "DELETE FROM dw_script WHERE chain = $a AND first >= $b AND first < $c", chain.ToArray(), from, to);
        foreach (var (first, marks, keys) in joined)
        {
            Put(put, chain, first, marks, keys);
        }
    }

    private static void Put(RawStatement put, Uint256 chain, int first, byte[] marks, byte[]? keys)
    {
        put.Bind(1, chain);
        put.Bind(2, first);
        put.Bind(3, marks);
        if (keys is not null)
        {
            put.Bind(4, keys);
        }
        else
        {
            put.BindNull(4);
        }

        put.Run();
    }
}
