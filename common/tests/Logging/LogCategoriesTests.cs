using Dash.Common.Logging;

namespace Dash.Common.Tests.Logging;

public class LogCategoriesTests
{
    [Fact]
    public void Names_are_those_of_dashd_in_alphabetical_order()
    {
        string[] expected =
        [
            "addrman", "bench", "blockstorage", "chainlocks", "cmpctblock", "coindb", "coinjoin", "creditpool", "ehf",
            "estimatefee", "gobject", "http", "i2p", "instantsend", "ipc", "leveldb", "libevent", "llmq", "llmq-dkg",
            "llmq-sigs", "mempool", "mempoolrej", "mnpayments", "mnsync", "net", "netconn", "proxy", "prune", "qt", "rand",
            "reindex", "rpc", "scan", "selectcoins", "spork", "tor", "txreconciliation", "validation", "walletdb", "zmq",
        ];
        Assert.Equal(expected, LogCategories.All.Select(category => category.Name()));
        Assert.All(LogCategories.All, category =>
        {
            Assert.True(LogCategories.TryParse(category.Name(), out var parsed));
            Assert.Equal(category, parsed);
        });
        Assert.False(LogCategories.TryParse("", out _));
        Assert.False(LogCategories.TryParse("Net", out _));
    }
}
