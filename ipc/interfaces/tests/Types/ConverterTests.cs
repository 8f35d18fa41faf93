using Dash.Ipc.Interfaces.Types;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Ipc.Interfaces.Tests.Types;

public sealed class ConverterTests
{
    private const string Genesis = "000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e";

    [Fact]
    public void Hashes_are_thirty_two_bytes_in_wire_order()
    {
        using var message = new MessageBuilder();
        BlockHashConverter.Write(message.Root, BlockHash.Parse(Genesis));

        var root = message.ToReader().Root;

        Assert.Equal(0x2e, root.GetData().Span[0]);
        Assert.Equal(Genesis, BlockHashConverter.Read(root).ToString());
        Assert.Equal(Txid.Parse(Genesis), TxidConverter.Read(root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_hash_of_another_size_is_refused(int size)
    {
        using var message = new MessageBuilder();
        message.Root.SetData(new byte[size]);

        Assert.Throws<IpcFormatException>(() => BlockHashConverter.Read(message.ToReader().Root));
        Assert.Throws<IpcFormatException>(() => TxidConverter.Read(default));
    }

    [Fact]
    public void A_locator_is_a_list_of_hashes()
    {
        var locator = new BlockLocator([BlockHash.Parse(Genesis), default]);
        using var message = new MessageBuilder();
        BlockLocatorConverter.Write(message.Root, locator);

        Assert.Equal(locator, BlockLocatorConverter.Read(message.ToReader().Root));
        Assert.Equal(BlockLocator.Empty, BlockLocatorConverter.Read(default));
    }

    [Fact]
    public void A_locator_longer_than_any_is_refused()
    {
        using var message = new MessageBuilder();
        BlockLocatorConverter.Write(message.Root, new BlockLocator(new BlockHash[BlockLocator.MaxHashes + 1]));

        Assert.Throws<IpcFormatException>(() => BlockLocatorConverter.Read(message.ToReader().Root));
    }

    [Fact]
    public void Amounts_and_rates_are_their_duffs()
    {
        Assert.Equal(Amount.OneDash, AmountConverter.Read(AmountConverter.Write(Amount.OneDash)));
        Assert.Equal(new FeeRate(1000), FeeRateConverter.Read(FeeRateConverter.Write(new FeeRate(1000))));
    }

    /// <summary>A node of before knows one rate: its estimate has three words and no pointers.</summary>
    [Fact]
    public void An_estimate_of_an_older_node_has_one_rate()
    {
        using var message = new MessageBuilder();
        var old = message.Root.InitStruct(3, 0);
        old.SetInt32(0, 6);
        old.SetBool(32, true);
        old.SetInt64(1, 1000);
        old.SetInt32(4, 8);

        Assert.Equal(new FeeEstimate(6, new FeeRate(1000), 8, null, "", ""), FeeEstimate.Read(message.ToReader().Root.GetStruct()));
    }

    [Fact]
    public void Values_come_back()
    {
        var hash = BlockHash.Parse(Genesis);
        var block = new FeedBlock(new BlockRef(hash, 7), default, 1_700_000_000, new byte[] { 1, 2, 3 });
        var quote = new FeeQuote(
            new FeeRate(1), new FeeRate(2), new FeeRate(3), new FeeRate(4),
            [new FeeEstimate(6, new FeeRate(1000), 8, new FeeRate(900), "a", "b"), new FeeEstimate(2, null, 2, null, "", "")], 5, 6, true);
        using var message = new MessageBuilder();
        var root = message.Root.InitStruct(0, 2);
        block.Write(root.GetPointer(0).InitStruct(FeedBlock.Builder.DataWords, FeedBlock.Builder.PointerCount));
        quote.Write(root.GetPointer(1).InitStruct(FeeQuote.Builder.DataWords, FeeQuote.Builder.PointerCount));

        var read = message.ToReader().Root.GetStruct();
        var readBlock = FeedBlock.Read(read.GetPointer(0).GetStruct());
        var readQuote = FeeQuote.Read(read.GetPointer(1).GetStruct());

        Assert.Equal(block with { Data = readBlock.Data }, readBlock);
        Assert.Equal(block.Data.ToArray(), readBlock.Data.ToArray());
        Assert.Equal(quote.Estimates, readQuote.Estimates);
        Assert.Equal(quote with { Estimates = readQuote.Estimates }, readQuote);
    }
}
