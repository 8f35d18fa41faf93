using System.Buffers.Binary;
using Dash.Primitives.Hashing;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// The script index in the file: deriving a script takes tens of microseconds, reading its mark next to nothing. A mark says
/// nothing to who does not have the key beside it, and is true for ever.
/// </summary>
internal static class ScriptTable
{
    private const string SaltName = "script_salt";
    private const int MarkSize = 16;

    // So many marks make a row when rows are joined; and rows are joined when there are so many: reading one costs microseconds,
    // joining all of a large wallet a second.
    private const int Joined = 1 << 16;
    private const int MostRows = 4096;

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
        for (var place = 0; place < keychains.Count; place++)
        {
            Load(connection, index, place, keychains[place]);
        }

        Write(connection, index.TakeFresh(), keychains);
        return index;
    }

    /// <summary>Stores marks.</summary>
    public static void Write(SqliteConnection connection, IReadOnlyList<ScriptMark> marks, IReadOnlyList<Keychain> keychains)
    {
        for (var from = 0; from < marks.Count;)
        {
            var to = from + 1;
            while (to < marks.Count && to - from < Joined && marks[to].Place.Keychain == marks[from].Place.Keychain
                && marks[to].Place.Index == marks[to - 1].Place.Index + 1)
            {
                to++;
            }

            // A refused decision may have marked scripts of a keychain that was never added.
            if (marks[from].Place.Keychain < keychains.Count && keychains[marks[from].Place.Keychain] is var keychain && IsKept(keychain))
            {
                var bytes = new byte[(to - from) * MarkSize];
                for (var i = from; i < to; i++)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i - from) * MarkSize), marks[i].Hash);
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(((i - from) * MarkSize) + 8), marks[i].Check);
                }

                Put(connection, keychain.Id, marks[from].Place.Index, bytes);
            }

            from = to;
        }
    }

    // Several scripts an index are not told apart in a row: such keychains are rare and small.
    private static bool IsKept(Keychain keychain) => keychain.IsRanged && keychain.Descriptor.Kind != Primitives.Descriptors.DescriptorKind.Combo;

    private static void Load(SqliteConnection connection, ScriptIndex index, int place, Keychain keychain)
    {
        var next = keychain.RangeStart;
        List<(int First, byte[] Marks)> rows = IsKept(keychain) ? Read(connection, keychain.Id) : [];
        foreach (var (first, marks) in rows)
        {
            if (first > next)
            {
                index.Add(place, keychain, next, Math.Min(first, keychain.RangeEnd));
                next = first;
            }

            var end = Math.Min(first + (marks.Length / MarkSize), keychain.RangeEnd);
            for (; next < end; next++)
            {
                var mark = marks.AsSpan((next - first) * MarkSize, MarkSize);
                index.Add(new ScriptMark(
                    new ScriptPlace(place, next),
                    BinaryPrimitives.ReadUInt64LittleEndian(mark),
                    BinaryPrimitives.ReadUInt64LittleEndian(mark[8..])));
            }
        }

        index.Add(place, keychain, next, keychain.RangeEnd);
        if (rows.Count > MostRows)
        {
            Join(connection, keychain.Id, rows);
        }
    }

    private static List<(int First, byte[] Marks)> Read(SqliteConnection connection, Uint256 chain)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT first, marks FROM dw_script WHERE chain = $chain ORDER BY first";
        command.Parameters.AddWithValue("$chain", chain.ToArray());
        using var rows = command.ExecuteReader();
        List<(int First, byte[] Marks)> found = [];
        while (rows.Read())
        {
            found.Add((rows.GetInt32(0), rows.GetFieldValue<byte[]>(1)));
        }

        return found;
    }

    private static void Join(SqliteConnection connection, Uint256 chain, List<(int First, byte[] Marks)> rows)
    {
        WalletDatabase.Execute(connection, "DELETE FROM dw_script WHERE chain = $a", chain.ToArray());
        using var joined = new MemoryStream();
        var first = rows[0].First;
        foreach (var (at, marks) in rows)
        {
            var end = first + ((int)joined.Length / MarkSize);
            if (at != end || joined.Length >= Joined * MarkSize)
            {
                Put(connection, chain, first, joined.ToArray());
                joined.SetLength(0);
                first = at;
            }

            joined.Write(marks);
        }

        Put(connection, chain, first, joined.ToArray());
    }

    private static void Put(SqliteConnection connection, Uint256 chain, int first, byte[] marks) =>
        WalletDatabase.Execute(connection, "INSERT OR REPLACE INTO dw_script VALUES($a, $b, $c)", chain.ToArray(), first, marks);
}
