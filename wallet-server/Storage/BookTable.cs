using Dash.Common.Concurrency;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// The address book in the file as a log of notes, many in a row: read in a fraction of the time that Core's records of one
/// address each take. The latest note on an address holds.
/// </summary>
internal static class BookTable
{
    /// <summary>Adds a row of notes.</summary>
    public const string Insertion = "INSERT INTO dw_book(notes) VALUES(?1)";

    // Rows that an earlier build left are joined when there are so many: reading one costs microseconds, joining all of a large wallet
    // a second.
    private const int MostRows = 4096;
    private const int Joined = 1 << 15;

    // Addresses are given out one by one. After so many more rows the small ones among these become few, so that nothing is left to
    // be joined at loading, and each note is written three times at most.
    private static readonly int[] Steps = [64, 4096];
    private const int SmallRow = 1 << 15; // bytes

    // Others are let in after so many notes, at most.
    private const int RestMask = 0xFF;

    // Flag, hash, flags and a short purpose.
    private const int ShortNote = 32;

    /// <summary>Reads all notes. Those on texts that are no address are left to Core's records.</summary>
    public static AddressTable Read(SqliteConnection connection, out bool isCrowded)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT notes FROM dw_book ORDER BY seq";
        using var rows = command.ExecuteReader();
        var size = WalletDatabase.Ask(connection, "SELECT SUM(LENGTH(notes)) FROM dw_book") as long? ?? 0;
        var table = new AddressTable((int)Math.Min(size / ShortNote, int.MaxValue / 4));
        var count = 0;
        var noted = 0;
        ReadOnlySpan<byte> before = [];
        var note = AddressEntry.Unknown;
        while (rows.Read())
        {
            count++;
            ReadOnlySpan<byte> notes = rows.GetFieldValue<byte[]>(0);
            var reader = new SpanReader(notes);
            while (!reader.IsAtEnd)
            {
                if ((++noted & RestMask) == 0)
                {
                    ThreadTurns.Rest();
                }

                var key = new AddressKey(reader.ReadBool(), new Hash160(reader.ReadBytes(Hash160.Size)));

                // Most notes say what the one before said: then it is the same object.
                var rest = notes[^reader.Remaining..];
                if (!before.IsEmpty && rest.StartsWith(before))
                {
                    reader.ReadBytes(before.Length);
                }
                else
                {
                    var flags = reader.ReadByte();
                    var purpose = reader.ReadString();
                    note = new AddressEntry((flags & 1) != 0 ? reader.ReadString() : null, purpose, (flags & 2) != 0);
                    before = rest[..^reader.Remaining];
                }

                table.Put(key, note);
            }
        }

        isCrowded = count > MostRows;
        return table;
    }

    /// <summary>Adds notes.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="put">Its <see cref="Insertion"/>.</param>
    /// <param name="notes">The later one on an address holds.</param>
    public static void Append(SqliteConnection connection, RawStatement put, IEnumerable<KeyValuePair<AddressKey, AddressEntry>> notes)
    {
        foreach (var some in notes.Chunk(Joined))
        {
            var writer = new ByteWriter(some.Length * 32);
            var id = new byte[Hash160.Size];
            foreach (var (key, entry) in some)
            {
                writer.WriteBool(key.IsScript);
                key.Id.CopyTo(id);
                writer.WriteBytes(id);
                writer.WriteByte((byte)((entry.Label is null ? 0 : 1) | (entry.IsUsed ? 2 : 0)));
                writer.WriteString(entry.Purpose);
                if (entry.Label is { } label)
                {
                    writer.WriteString(label);
                }
            }

            put.Bind(writer.ToArray());
            put.Run();
            var last = raw.sqlite3_last_insert_rowid(connection.Handle);
            foreach (var step in Steps)
            {
                if (last % step == 0)
                {
                    JoinSmall(connection, last - step, last);
                }
            }
        }
    }

    // Rows after one up to another that follow each other and are small, until they are not any more. The last one keeps its place,
    // so that the next one comes behind it.
    private static void JoinSmall(SqliteConnection connection, long after, long last)
    {
        List<(long From, long To)> runs = [];
        using (RawStatement sizes = new(connection, "SELECT seq, LENGTH(notes) FROM dw_book WHERE seq > ? AND seq <= ? ORDER BY seq"))
        {
            sizes.Bind(1, after);
            sizes.Bind(2, last);
            var size = (long)SmallRow;
            while (sizes.Step())
            {
                var (seq, length) = (sizes.Number(0), sizes.Number(1));
                var isJoined = size < SmallRow && length < SmallRow;
                size = isJoined ? size + length : length;
                if (isJoined)
                {
                    runs[^1] = (runs[^1].From, seq);
                }
                else
                {
                    runs.Add((seq, seq));
                }
            }
        }

        foreach (var (from, to) in runs.Where(static run => run.From < run.To))
        {
            using MemoryStream notes = new();
            using (RawStatement rows = new(connection, "SELECT notes FROM dw_book WHERE seq >= ? AND seq <= ? ORDER BY seq"))
            {
                rows.Bind(1, from);
                rows.Bind(2, to);
                while (rows.Step())
                {
                    notes.Write(rows.Span(0));
                }
            }

            WalletDatabase.Execute(connection, "DELETE FROM dw_book WHERE seq >= $a AND seq < $b", from, to);
            WalletDatabase.Execute(connection, "UPDATE dw_book SET notes = $b WHERE seq = $a", to, notes.ToArray());
        }
    }

    /// <summary>Writes all of them anew, in few rows.</summary>
    public static void Rewrite(SqliteConnection connection, AddressTable table)
    {
        WalletDatabase.Execute(connection, "DELETE FROM dw_book");
        using RawStatement put = new(connection, Insertion);
        Append(connection, put, table.Entries);
    }
}
