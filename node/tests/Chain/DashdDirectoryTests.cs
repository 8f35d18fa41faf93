using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Chain;

/// <summary>A data directory dashd left, and what it said about it.</summary>
public class DashdDirectoryTests
{
    [Fact]
    public async Task A_data_directory_of_dashd_opens_and_goes_on()
    {
        using var directory = new TempDirectory();
        var path = SharedVectors.UnpackDashdDirectory(directory);
        using var expected = Expected();
        await using var node = TestNode.Open(path, time: expected.RootElement.GetProperty("mocktime").GetInt64());

        Assert.Equal(expected.RootElement.GetProperty("height").GetInt32(), node.View.Height);
        Assert.Equal(expected.RootElement.GetProperty("tip").GetString(), node.Tip.Hash.ToString());
        AssertCoins(expected.RootElement.GetProperty("utxo"), await node.CountCoins());

        await node.Mempool.LoadAsync(Path.Combine(path, "mempool.dat"), TestNode.Ct);
        Assert.Equal(
            "c042f239ba064b7d1386ba01727da2b348938fa6b71cf85c7f3b1f67ac393f2d",
            Assert.Single(node.Mempool.View.Graph.Entries).Txid.ToString());

        await node.Mine(10);
        Assert.Equal(466, node.View.Height);
        Assert.Equal(0, node.Mempool.View.Count);
        await node.Validation.InvalidateAsync(node.View.At(400)!, TestNode.Ct);
        Assert.Equal(399, node.View.Height);
    }

    [Fact]
    public async Task Every_block_dashd_made_is_valid_here_and_gives_the_same_coins()
    {
        using var directory = new TempDirectory();
        using var dashd = new TempDirectory();
        var path = SharedVectors.UnpackDashdDirectory(dashd);
        using var expected = Expected();
        await using var node = TestNode.Open(
            directory, time: expected.RootElement.GetProperty("mocktime").GetInt64());

        foreach (var block in ReadBlocks(Path.Combine(path, "blocks", "blk00000.dat")).Skip(1))
        {
            var previous = node.Tip;
            var verdict = await node.Submit(block);
            Assert.True(verdict.State is { IsValid: true }, $"{block.Header.Hash}: {verdict.State}");
            Assert.Equal(node.Chainstate.Deployments.ComputeBlockVersion(previous), block.Header.Version);
        }

        Assert.Equal(expected.RootElement.GetProperty("tip").GetString(), node.Tip.Hash.ToString());
        AssertCoins(expected.RootElement.GetProperty("utxo"), await node.CountCoins());
    }

    [Fact]
    public async Task Undo_data_of_dashd_has_the_bytes_we_would_write()
    {
        using var directory = new TempDirectory();
        var path = SharedVectors.UnpackDashdDirectory(directory);
        await using var node = TestNode.Open(path, time: TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

        for (var height = 1; height <= node.View.Height; height++)
        {
            var at = node.View.At(height)!;
            var undo = node.Chainstate.Archive.ReadUndo(at);
            Assert.Equal(node.ReadBlock(height).Transactions.Count - 1, undo.Spent.Count);
            var again = BlockUndo.Parse(undo.ToBytes());
            Assert.Equal(undo.ToBytes(), again.ToBytes());
        }
    }

    private static JsonDocument Expected() =>
        JsonDocument.Parse(File.ReadAllBytes(SharedVectors.Require("dashd-regtest/expected.json")));

    private static void AssertCoins(JsonElement expected, CoinStatistics coins)
    {
        Assert.Equal(expected.GetProperty("txouts").GetInt64(), coins.Outputs);
        Assert.Equal(expected.GetProperty("transactions").GetInt64(), coins.Transactions);
        Assert.Equal(expected.GetProperty("bogosize").GetInt64(), coins.BogoSize);
        Assert.Equal(expected.GetProperty("total_amount").GetRawText(), coins.TotalAmount.ToString());
        Assert.Equal(expected.GetProperty("hash_serialized_2").GetString(), coins.SerializedHash.ToString());
    }

    private static List<Block> ReadBlocks(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var reader = new SpanReader(bytes);
        var blocks = new List<Block>();
        while (reader.Remaining > 8 && reader.ReadBytes(4).SequenceEqual(ChainParams.Regtest.Magic.Span))
        {
            blocks.Add(Block.Parse(reader.ReadBytes(reader.ReadInt32())));
        }

        return blocks;
    }
}
