using Dash.Primitives.Hashing;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Tests;

public sealed class BookTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    public void Notes_that_come_few_at_a_time_lie_in_few_rows_and_the_latest_holds(int most)
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        WalletDatabase.Execute(connection, "CREATE TABLE main(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        WalletTables.Ensure(connection, isOurs: true);
        using RawStatement put = new(connection, BookTable.Insertion);
        Random random = new(most);
        Dictionary<AddressKey, AddressEntry> latest = [];
        for (var i = 0; i < 4_200; i++)
        {
            List<KeyValuePair<AddressKey, AddressEntry>> notes = [];
            for (var count = random.Next(1, most + 1); notes.Count < count;)
            {
                var id = new byte[Hash160.Size];
                BitConverter.TryWriteBytes(id, random.Next(20_000));
                notes.Add(new(new AddressKey(random.Next(9) == 0, new Hash160(id)), new AddressEntry($"n{random.Next(50)}", "receive", random.Next(2) == 0)));
            }

            BookTable.Append(connection, put, notes);
            foreach (var (key, entry) in notes)
            {
                latest[key] = entry;
            }
        }

        var table = BookTable.Read(connection, out var isCrowded);

        Assert.False(isCrowded);
        Assert.Equal(latest.Count, table.Entries.Count());
        Assert.All(table.Entries, note => Assert.Equal(latest[note.Key], note.Value));
        if (most == 1)
        {
            var rows = (long)WalletDatabase.Ask(connection, "SELECT COUNT(*) FROM dw_book")!;
            Assert.True(rows <= 4 + 2 + 64, $"{rows} rows");
        }
    }
}
