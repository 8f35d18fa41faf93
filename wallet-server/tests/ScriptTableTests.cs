using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Tests;

public sealed class ScriptTableTests
{
    // Rows are joined when there are more than 4096.
    private const int Scripts = 4200;
    private const string Xpub = "tpubD6NzVbkrYhZ4WaWSyoBvQwbpLkojyoTZPRsgXELWz3Popb3qkjcJyJUGLnL4qHHoQvao8ESaAstxYSnhyswJ76uZPStJRJCTKvosUCJZL5B";

    [Fact]
    public void Rows_that_are_joined_keep_their_marks_and_public_keys()
    {
        using var connection = NewTables();
        var keychain = Watching($"pkh({Xpub}/0/*)", Scripts);
        ScriptTable.Load(connection, [keychain]);
        var (marks, keys) = Row(connection);
        Assert.NotNull(keys);
        WalletDatabase.Execute(connection, "DELETE FROM dw_script");
        for (var i = 0; i < Scripts; i++)
        {
            WalletDatabase.Execute(
                connection, "INSERT INTO dw_script VALUES($a, $b, $c, $d)", keychain.Id.ToArray(), i,
                marks[(i * 16)..((i + 1) * 16)], keys[(i * PublicKey.CompressedSize)..((i + 1) * PublicKey.CompressedSize)]);
        }

        var index = ScriptTable.Load(connection, [keychain]);

        Assert.Equal(Scripts, index.Count);
        Assert.True(index.TryFind(keychain.ScriptAt(Scripts - 1).Span, out var place));
        Assert.Equal(new ScriptPlace(0, Scripts - 1), place);
        var (joinedMarks, joinedKeys) = Row(connection);
        Assert.Equal(marks, joinedMarks);
        Assert.Equal(keys, joinedKeys);
        Assert.Equal(keychain.KeysAt(7)[0].Key.ToArray(), keys[(7 * PublicKey.CompressedSize)..(8 * PublicKey.CompressedSize)]);
    }

    [Theory]
    [InlineData(1, 4_300)]
    [InlineData(130, 9_000)]
    public void Marks_that_come_few_at_a_time_and_in_turn_for_two_keychains_lie_in_few_rows(int most, int scripts)
    {
        using var connection = NewTables();
        Keychain[] keychains = [Watching($"pkh({Xpub}/0/*)", scripts), Watching($"pkh({Xpub}/1/*)", scripts)];
        Keychain[] before = [.. keychains.Select(static keychain => keychain with { RangeEnd = 0 })];
        var index = ScriptTable.Load(connection, before);
        Random random = new(most);
        using RawStatement put = new(connection, ScriptTable.Insertion);
        for (int[] next = [0, 0]; next.Min() < scripts;)
        {
            // A change widens them in turn.
            for (var turn = 0; turn < 4; turn++)
            {
                var end = Math.Min(scripts, next[turn % 2] + random.Next(1, most + 1));
                index.Add(turn % 2, keychains[turn % 2], next[turn % 2], end);
                next[turn % 2] = end;
            }

            ScriptTable.Write(connection, put, index.TakeFresh(), keychains);
        }

        var rows = (long)WalletDatabase.Ask(connection, "SELECT COUNT(*) FROM dw_script")!;
        Assert.True(rows <= 2 * ((scripts / 4096) + 64 + 64), $"{rows} rows");
        Assert.Equal(2L * scripts * 16, WalletDatabase.Ask(connection, "SELECT SUM(LENGTH(marks)) FROM dw_script"));
        var again = ScriptTable.Load(connection, keychains);
        Assert.Empty(again.TakeFresh());
        using History history = new(connection);
        for (var i = 0; i < scripts; i += random.Next(1, 50))
        {
            for (var chain = 0; chain < 2; chain++)
            {
                Assert.True(again.TryFind(keychains[chain].ScriptAt(i).Span, out var place));
                Assert.Equal(new ScriptPlace(chain, i), place);
                Assert.Equal(keychains[chain].KeysAt(i)[0].Key, Assert.Single(history.Keys(keychains[chain].Id, [i])));
            }
        }
    }

    [Fact]
    public void Scripts_of_several_keys_have_marks_and_no_public_keys()
    {
        using var connection = NewTables();
        var keychain = Watching($"sh(multi(1,{Xpub}/0/*,{Xpub}/1/*))", 30);

        ScriptTable.Load(connection, [keychain]);

        var (marks, keys) = Row(connection);
        Assert.Equal(30 * 16, marks.Length);
        Assert.Null(keys);
        var again = ScriptTable.Load(connection, [keychain]);
        Assert.True(again.TryFind(keychain.ScriptAt(29).Span, out var place));
        Assert.Equal(29, place.Index);
    }

    private static SqliteConnection NewTables()
    {
        SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        WalletDatabase.Execute(connection, "CREATE TABLE main(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        WalletTables.Ensure(connection, isOurs: true);
        return connection;
    }

    // The only one there is.
    private static (byte[] Marks, byte[]? Keys) Row(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT marks, keys FROM dw_script";
        using var rows = command.ExecuteReader();
        Assert.True(rows.Read());
        var found = (rows.GetFieldValue<byte[]>(0), rows.IsDBNull(1) ? null : rows.GetFieldValue<byte[]>(1));
        Assert.False(rows.Read());
        return found;
    }

    private static Keychain Watching(string text, int scripts)
    {
        using DescriptorKeys keys = new();
        Assert.True(Descriptor.TryParse(text, ChainParams.Regtest.Prefixes, requireChecksum: false, keys, out var descriptor, out var error), error);
        return Keychain.Create(descriptor, keys: null, creationTime: 0).ToppedUp(scripts, ring: null)!; // nothing hardened in it
    }
}
