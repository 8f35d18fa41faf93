using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Tests.Blocks;

public sealed class MerkleBlockTests
{
    // What dashd replies to gettxoutproof for the transaction of regtest's genesis block.
    private const string GenesisProof =
        "010000000000000000000000000000000000000000000000000000000000000000000000c762a6567f3cc092f0684bb62b7e00a84890b990"
        + "f07cc71a6bb58d64b98e02e0b9968054ffff7f20ffba10000100000001c762a6567f3cc092f0684bb62b7e00a84890b990f07cc71a6bb5"
        + "8d64b98e02e00101";

    [Fact]
    public void Reads_and_writes_what_dashd_proves()
    {
        var bytes = Hex.Decode(GenesisProof);

        Assert.True(MerkleBlock.TryParse(bytes, out var proof));

        Assert.Equal(bytes, proof.ToBytes());
        Assert.True(proof.TryProve(out var matches));
        Assert.Equal(
            [(Txid.Parse("e0028eb9648db56b1ac77cf090b99048a8007e2bb64b68f092c03c7f56a662c7"), 0)], matches);
        Assert.Equal("000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e", proof.Header.Hash.ToString());
    }

    [Theory]
    [InlineData("block_with_pro_reg_tx.data")]
    [InlineData("protx_update_v2_block.data")]
    public void Proves_each_transaction_of_a_real_block(string file)
    {
        var block = Block.Parse(BlockTests.ReadBlock(file));
        for (var i = 0; i < block.Transactions.Count; i++)
        {
            var wanted = block.Transactions[i].Txid;

            var proof = MerkleBlock.Create(block, transaction => transaction.Txid == wanted);

            Assert.True(MerkleBlock.TryParse(proof.ToBytes(), out var read));
            Assert.Equal(proof, read);
            Assert.True(read.TryProve(out var matches));
            Assert.Equal([(wanted, i)], matches);
        }
    }

    [Fact]
    public void Any_choice_from_trees_of_any_size_leads_to_the_root()
    {
        var random = new Random(37);
        foreach (var count in (int[])[1, 2, 3, 4, 7, 8, 9, 17, 56, 100, 127, 256, 312])
        {
            Txid[] txids = [.. Enumerable.Range(0, count).Select(i => new Txid(Hashes.Sha256(BitConverter.GetBytes(i))))];
            var root = MerkleTree.Root([.. txids.Select(txid => txid.Value)], out _);
            for (var one = 1; one < 20; one++)
            {
                bool[] chosen = [.. txids.Select(_ => random.Next(one) == 0)];

                var tree = PartialMerkleTree.Create(txids, i => chosen[i]);

                Assert.True(tree.TryExtract(out var found, out var matches));
                Assert.Equal(root, found);
                Assert.Equal(txids.Index().Where(pair => chosen[pair.Index]).Select(pair => (pair.Item, pair.Index)), matches);
            }
        }
    }

    [Fact]
    public void A_changed_proof_proves_nothing_that_is_not_so()
    {
        var random = new Random(38);
        Txid[] txids = [.. Enumerable.Range(0, 40).Select(i => new Txid(Hashes.Sha256(BitConverter.GetBytes(i))))];
        var root = MerkleTree.Root([.. txids.Select(txid => txid.Value)], out _);
        var header = new BlockHeader(1, default, root, 0, 0, 0);
        var good = new MerkleBlock(header, PartialMerkleTree.Create(txids, i => i is 3 or 20)).ToBytes();
        for (var i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. good];
            bytes[random.Next(BlockHeader.Size, bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (MerkleBlock.TryParse(bytes, out var proof) && proof.TryProve(out var matches))
            {
                // A neighbour on the way down may be claimed too: it is in the block, and nothing else can be.
                Assert.All(matches, match => Assert.Equal(txids[match.Index], match.Txid));
            }
        }
    }

    [Fact]
    public void The_same_hash_on_both_sides_is_refused()
    {
        var leaf = new Txid(Hashes.Sha256("x"u8));

        var tree = PartialMerkleTree.Create([leaf, leaf], i => i == 1);

        Assert.False(tree.TryExtract(out _, out _));
    }

    [Fact]
    public void A_filter_chooses_and_the_proof_follows()
    {
        var block = Block.Parse(BlockTests.ReadBlock("block_with_pro_reg_tx.data"));
        var register = block.Transactions.First(tx => tx.Type == TransactionType.ProRegTx);
        Assert.True(ProRegTx.TryParse(register.ExtraPayload.Span, out var payload));
        var filter = new BloomFilter(10, 0.000001, 7, BloomUpdate.All);
        var owner = new byte[Hash160.Size];
        payload.OwnerKeyId.CopyTo(owner);
        filter.Add(owner);

        var proof = filter.Filter(block, out var matches);

        Assert.Contains(register, matches);
        Assert.True(proof.TryProve(out var proven));
        Assert.Equal(matches.Select(tx => tx.Txid), proven.Select(match => match.Txid));
        Assert.True(filter.Contains(register.Txid.Value.ToArray()));
    }
}
