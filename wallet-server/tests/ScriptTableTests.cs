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
