using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

public sealed class BatchSizeTests
{
    [Fact]
    public void A_quick_link_gets_large_batches_and_a_slow_one_ever_smaller_ones()
    {
        BatchSize size = new();
        foreach (var mebibytes in (uint[])[1, 2, 4, 8, 8])
        {
            Assert.Equal(mebibytes << 20, size.Bytes);
            size.Arrived(TimeSpan.FromSeconds(4));
        }

        foreach (var kibibytes in (uint[])[8192, 4096, 2048, 1024, 512, 256, 128, 128])
        {
            Assert.Equal(kibibytes << 10, size.Bytes);
            size.Arrived(TimeSpan.FromSeconds(6));
        }

        size.Arrived(TimeSpan.FromSeconds(1));
        Assert.Equal(256u << 10, size.Bytes);
    }
}
