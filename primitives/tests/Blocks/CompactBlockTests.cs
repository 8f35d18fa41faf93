using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Blocks;

public class CompactBlockTests
{
    [Fact]
    public void A_compact_block_comes_out_as_it_went_in()
    {
        var block = ChainParams.Regtest.Genesis;
        var compact = CompactBlock.Of(block, nonce: 7);
        var read = CompactBlock.Parse(compact.ToBytes());
        Assert.True(read.IsValid);
        Assert.Equal((block.Hash, 7UL, 1), (read.Header.Hash, read.Nonce, read.TransactionCount));
        Assert.Equal(block.Transactions[0].Txid, read.Prefilled.Single().Transaction.Txid);
        Assert.Equal(compact.ShortIdOf(block.Transactions[0].Txid), read.ShortIdOf(block.Transactions[0].Txid));
        Assert.True(read.ShortIdOf(block.Transactions[0].Txid) < 1UL << 48);
        Assert.NotEqual(read.ShortIdOf(block.Transactions[0].Txid), CompactBlock.Of(block, nonce: 8).ShortIdOf(block.Transactions[0].Txid));
    }

    [Fact]
    public void A_transaction_beyond_the_blocks_end_makes_it_invalid()
    {
        var bytes = CompactBlock.Of(ChainParams.Regtest.Genesis, nonce: 7).ToBytes();
        bytes[BlockHeader.Size + 8 + 2] = 5; // the place of the first transaction in full
        Assert.False(CompactBlock.Parse(bytes).IsValid);
    }

    [Fact]
    public void Places_are_written_as_differences_and_may_not_pass_16_bits()
    {
        BlockTransactionsRequest request = new(ChainParams.Regtest.Genesis.Hash, [0, 1, 5, 65535]);
        var read = BlockTransactionsRequest.Parse(request.ToBytes());
        Assert.Equal(request.Places, read.Places);
        var beyond = new BlockTransactionsRequest(request.Block, [65535, 65536]).ToBytes();
        Assert.Throws<EncodingException>(() => BlockTransactionsRequest.Parse(beyond));
    }
}
