using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Chain;

public sealed class BlocksAheadTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dash-ahead-").FullName;
    private readonly BlockFiles _files;
    private readonly BlockArchive _archive;

    public BlocksAheadTests()
    {
        _files = new BlockFiles(_directory, ChainParams.Regtest.Magic.Span, [], BlockFileLimits.FastPrune);
        _archive = new BlockArchive(_files);
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Blocks_come_in_their_order_and_then_none()
    {
        var nodes = Store(1_000);
        using BlocksAhead ahead = new(_archive, nodes[0], nodes[^1]);
        foreach (var node in nodes)
        {
            Assert.Same(node, ahead.Next);
            Assert.Equal(node.Hash, ahead.Take()!.Value.Block.Hash);
        }

        Assert.Null(ahead.Next);
        Assert.Null(ahead.Take());
    }

    [Fact]
    public void A_block_that_cannot_be_read_is_left_to_who_wants_it()
    {
        var nodes = Store(10);
        nodes[5].Status = BlockStatus.None;
        using BlocksAhead ahead = new(_archive, nodes[0], nodes[^1]);
        for (var i = 0; i < 5; i++)
        {
            Assert.NotNull(ahead.Take());
        }

        Assert.Same(nodes[5], ahead.Next);
        Assert.Null(ahead.Take());
        Assert.Null(ahead.Next);
    }

    [Fact]
    public void It_ends_while_it_waits_for_room()
    {
        var nodes = Store(1_000); // more than it keeps ready
        BlocksAhead ahead = new(_archive, nodes[0], nodes[^1]);
        Assert.NotNull(ahead.Take());
        ahead.Dispose(); // returns only when the thread has ended
    }

    private List<BlockNode> Store(int count)
    {
        var genesis = ChainParams.Regtest.Genesis;
        BlockNode previous = new(genesis.Hash, genesis.Header, null);
        List<BlockNode> nodes = [];
        for (var i = 0; i < count; i++)
        {
            Block block = new(genesis.Header with { Previous = previous.Hash, Nonce = (uint)i }, genesis.Transactions);
            BlockNode node = new(block.Hash, block.Header, previous);
            _archive.WriteBlock(node, block.ToBytes());
            nodes.Add(node);
            previous = node;
        }

        return nodes;
    }
}
