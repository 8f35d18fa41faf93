using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Tests;

public sealed class DiskTroubleTests
{
    [Theory]
    [InlineData(13, 13, "no room")]
    [InlineData(10, 4874, "no room")]
    [InlineData(10, 778, "nothing was changed")]
    [InlineData(10, 266, "nothing was changed")]
    [InlineData(14, 14, "nothing was changed")]
    public void What_was_taken_back_may_be_tried_again(int code, int extended, string says) =>
        Assert.Contains(says, DiskTrouble.Explain(new SqliteException("disk", code, extended)), StringComparison.Ordinal);

    [Theory]
    [InlineData(10, 1034)]
    [InlineData(10, 1290)]
    [InlineData(11, 11)]
    [InlineData(26, 26)]
    public void A_sync_that_failed_or_a_broken_file_is_final(int code, int extended) =>
        Assert.Null(DiskTrouble.Explain(new SqliteException("disk", code, extended)));
}
