using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Tests.Evo;

public sealed class BlockFilterTests
{
    [Fact]
    public void Every_row_of_the_vectors_holds()
    {
        var count = 0;
        using var json = JsonDocument.Parse(SharedVectors.Read("blockfilters.json"));
        foreach (var row in VectorRows.BelowHead(json, "blockfilters.json"))
        {
            var block = Block.Parse(Hex.Decode(row[2].GetString()!));
            var spent = row[3].EnumerateArray().Select(static script => new Script(Hex.Decode(script.GetString()!))).ToArray();

            var filter = BlockFilter.Create(block, spent);

            Assert.Equal(row[1].GetString(), block.Hash.ToString());
            Assert.Equal(row[5].GetString(), Hex.Encode(filter.Encoded.Span));
            Assert.Equal(row[6].GetString(), filter.ComputeHeader(Uint256.Parse(row[4].GetString()!)).ToString());
            Assert.True(BlockFilter.TryParse(block.Hash, filter.Encoded.Span, out var again));
            Assert.Equal(filter.Count, again.Count);
            foreach (var output in block.Transactions.SelectMany(static tx => tx.Outputs))
            {
                var script = output.ScriptPubKey;
                if (!script.IsEmpty && script.Span[0] != (byte)Opcode.Return)
                {
                    Assert.True(again.Matches(script.Memory));
                }
            }

            Assert.All(spent, script => Assert.True(script.IsEmpty || again.Matches(script.Memory)));
            Assert.False(again.Matches("something that is not in any of the blocks"u8.ToArray()));
            count++;
        }

        Assert.Equal(7, count);
    }

    [Fact]
    public void A_filter_of_nothing_matches_nothing()
    {
        var filter = BlockFilter.OfElements(default, []);

        Assert.Equal("00", Hex.Encode(filter.Encoded.Span));
        Assert.False(filter.Matches("anything"u8.ToArray()));
        Assert.True(BlockFilter.TryParse(default, filter.Encoded.Span, out _));
        Assert.False(BlockFilter.TryParse(default, [], out _));
        Assert.False(BlockFilter.TryParse(default, [0, 0], out _));
    }

    [Fact]
    public void A_payload_is_found_by_what_it_names()
    {
        var block = Block.Parse(Tests.Blocks.BlockTests.ReadBlock("block_with_pro_reg_tx.data"));
        var filter = BlockFilter.Create(block, []);
        var elements = block.Transactions.SelectMany(PayloadElements.Of).ToArray();

        Assert.NotEmpty(elements);
        Assert.All(elements, element => Assert.True(filter.Matches(element)));
    }
}
