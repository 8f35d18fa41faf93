using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Tests;

public sealed class RawStatementTests
{
    [Fact]
    public void What_is_bound_is_stored_as_what_it_is()
    {
        using var connection = Open();
        var hash = Hashes.Sha256([1]);
        OutPoint outPoint = new(new Txid(Hashes.Sha256([2])), 7);
        using RawStatement put = new(connection, "INSERT INTO t VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        put.Bind([]);
        put.Bind(2, hash);
        put.Bind(3, (Uint256?)null);
        put.Bind(4, outPoint);
        put.Bind(5, "a\u00e4\U0001f4a7'");
        put.Bind(6, long.MinValue);
        put.Bind(7, (long?)null);
        put.BindNull(8);
        put.Run();

        using RawStatement ask = new(
            connection, "SELECT a, b, c, d, e, f, g, h, typeof(a), typeof(e), typeof(f), e = 'a\u00e4\U0001f4a7''' FROM t");
        Assert.True(ask.Step());
        Assert.Equal([], ask.Bytes(0));
        Assert.Equal(hash.ToArray(), ask.Bytes(1));
        Assert.True(ask.IsNull(2));
        Assert.Equal(outPoint, WalletTables.OutPointOf(ask.Bytes(3)));
        Assert.Equal(long.MinValue, ask.Number(5));
        Assert.True(ask.IsNull(6) && ask.IsNull(7));
        Assert.Equal(["blob", "text", "integer"], [.. new[] { 8, 9, 10 }.Select(column => System.Text.Encoding.UTF8.GetString(ask.Span(column)))]);
        Assert.Equal(1, ask.Number(11));
        Assert.False(ask.Step());
    }

    [Fact]
    public void One_that_failed_begins_anew_and_works()
    {
        using var connection = Open();
        WalletDatabase.Execute(connection, "CREATE UNIQUE INDEX once ON t(f)");
        using RawStatement put = new(connection, "INSERT INTO t(f) VALUES(?1)");
        put.Bind(1, 5);
        put.Run();
        Assert.Equal(19, Assert.Throws<SqliteException>(put.Run).SqliteErrorCode);

        put.Bind(1, 6);
        put.Run();

        Assert.Equal(2L, WalletDatabase.Ask(connection, "SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void It_may_be_made_before_the_table_it_speaks_of()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        using RawStatement ask = new(connection, "SELECT COUNT(*) FROM later");
        Assert.Throws<SqliteException>(() => ask.Step());
        WalletDatabase.Execute(connection, "CREATE TABLE later(a)");

        Assert.True(ask.Step());

        // Nor does it matter when the table changes after it was prepared.
        ask.Reset();
        WalletDatabase.Execute(connection, "ALTER TABLE later ADD COLUMN b");
        Assert.True(ask.Step());
        Assert.Equal(0, ask.Number(0));
    }

    private static SqliteConnection Open()
    {
        SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        WalletDatabase.Execute(connection, "CREATE TABLE t(a, b, c, d, e, f, g, h)");
        return connection;
    }
}
