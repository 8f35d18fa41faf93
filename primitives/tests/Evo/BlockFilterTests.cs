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

    // The second block of the vectors.
    [Fact]
    public void A_small_block_has_its_known_filter()
    {
        var block = Block.Parse(Hex.Decode(
            "0100000006128e87be8b1b4dea47a7247d5528d2702c96826c7a648497e773b800000000e241352e3bec0a95a6217e10c3abb54adfa05abb12c12669"
            + "5595580fb92e222032e7494dffff001d00d235340101000000010000000000000000000000000000000000000000000000000000000000000000ffff"
            + "ffff0e0432e7494d010e062f503253482fffffffff0100f2052a010000002321038a7f6ef1c8ca0c588aa53fa860128077c9e6c11e6830f4d7ee4e76"
            + "3a56b7718fac00000000"));

        var filter = BlockFilter.Create(block, []);

        Assert.Equal("84686dffa3bf5a0a6e67e9f8d32fbcb39940b3943700979a6cc4cb7353a3c99b", block.Hash.ToString());
        Assert.Equal("016b4ee0", Hex.Encode(filter.Encoded.Span));
        Assert.Equal(
            "562791de7bea2a88c5cd15e78ccd393ed353f5a18a92610fb85822d782b701ac",
            filter.ComputeHeader(Uint256.Parse("d7bdac13a59d745b1add0d2ce852f1a0442e8945fc1bf3848d3cbffd88c24fe1")).ToString());
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
