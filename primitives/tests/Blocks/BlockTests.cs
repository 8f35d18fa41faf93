using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Tests.Blocks;

public sealed class BlockTests
{
    public static TheoryData<string> Files =>
    [
        "block_with_pro_reg_tx.data",
        "protx_update_v2_block.data",
        "block_testnet49389.dat",
    ];

    [Theory]
    [InlineData(
        "block_with_pro_reg_tx.data",
        "000000000000002016c49d804e7b5d6ca84663ed032222e9061b2efec302edc3",
        "d38825b2084cea6fb5866c2bcfa89d46f4afcb4ea8897fe05054bda75233a00e")]
    [InlineData(
        "protx_update_v2_block.data",
        "000000000000002b22765c44677e7378ae129ef13bce9b715914e5f5f584d054",
        "f521f804785e93e6aa568e55871cd682d9d14e4fae59a36fd993a0bc69343e59")]
    [InlineData(
        "block_testnet49389.dat",
        "0000000000a979f1ed3ab900dfd1aed39b47ab2aee9c011976d3f96eabbd276a",
        "65051bbcddee6255f0ab547248261a6fb34b2a4ecf65aeb238146abe54684342")]
    public void Real_blocks_keep_their_bytes_and_have_the_hash_and_root_they_are_known_by(string file, string hash, string root)
    {
        var bytes = ReadBlock(file);

        var block = Block.Parse(bytes);

        Assert.Equal(Hex.Encode(bytes), Hex.Encode(block.ToBytes()));
        Assert.Equal(bytes.Length, block.Size);
        Assert.Equal(hash, block.Hash.ToString());
        Assert.True(CompactTarget.CheckProofOfWork(block.Hash, block.Header.Bits, ChainParams.Test.PowLimit));
        Assert.Equal(root, block.Header.MerkleRoot.ToString());
        Assert.Equal(block.Header.MerkleRoot, block.ComputeMerkleRoot(out var isMutated));
        Assert.False(isMutated);
        Assert.True(block.Transactions[0].IsCoinBase);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scan_sees_what_parsing_sees(string file)
    {
        var bytes = ReadBlock(file);
        var block = Block.Parse(bytes);

        var scanner = new BlockScanner(bytes);
        var index = 0;
        foreach (var view in scanner)
        {
            var transaction = block.Transactions[index++];
            Assert.Equal(transaction.Txid, view.ComputeTxid());
            Assert.Equal(transaction.ToBytes(), view.Bytes.ToArray());
            var input = 0;
            foreach (var seen in view.Inputs)
            {
                Assert.Equal(transaction.Inputs[input].PreviousOutput, seen.PreviousOutput);
                Assert.Equal(transaction.Inputs[input].ScriptSig.ToArray(), seen.ScriptSig.ToArray());
                Assert.Equal(transaction.Inputs[input++].Sequence, seen.Sequence);
            }

            var output = 0;
            foreach (var seen in view.Outputs)
            {
                Assert.Equal(transaction.Outputs[output].Value, seen.Value);
                Assert.Equal(transaction.Outputs[output++].ScriptPubKey.ToArray(), seen.ScriptPubKey.ToArray());
            }

            Assert.Equal(transaction.Inputs.Length, input);
            Assert.Equal(transaction.Outputs.Length, output);
        }

        Assert.Equal(block.Transactions.Count, index);
        Assert.Equal(bytes[..80], scanner.HeaderBytes.ToArray());
        while (scanner.MoveNext())
        {
            Assert.Equal(scanner.Current.Bytes.ToArray(), bytes[scanner.Start..(scanner.Start + scanner.Current.Bytes.Length)]);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_coinbase_payload_keeps_its_bytes(string file)
    {
        var coinbase = Block.Parse(ReadBlock(file)).Transactions[0];
        if (coinbase.Type != TransactionType.CoinbaseSpecial)
        {
            return; // mined before DIP3
        }

        Assert.True(CbTx.TryParse(coinbase.ExtraPayload.Span, out var payload));
        Assert.Equal(coinbase.ExtraPayload.ToArray(), payload.ToBytes());
        Assert.True(payload.Height > 0);
    }

    [Fact]
    public void Real_headers_follow_one_another()
    {
        var bytes = SharedVectors.Read("testnet-headers-942249.bin");
        var previous = BlockHeader.Parse(bytes.AsSpan(0, BlockHeader.Size));
        for (var at = BlockHeader.Size; at < bytes.Length; at += BlockHeader.Size)
        {
            var header = BlockHeader.Parse(bytes.AsSpan(at, BlockHeader.Size));
            Assert.Equal(previous.Hash, header.Previous);
            Assert.Equal(bytes[at..(at + BlockHeader.Size)], header.ToBytes());
            Assert.NotEqual(header.Hash, (header with { Nonce = header.Nonce + 1 }).Hash);
            Assert.Equal(header, header with { Version = header.Version });
            previous = header;
        }
    }

    [Fact]
    public void The_first_headers_of_testnet_follow_one_another()
    {
        var lines = System.Text.Encoding.ASCII.GetString(SharedVectors.Read("blockheader_testnet3.hex"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.NotEmpty(lines);
        var known = new HashSet<BlockHash> { ChainParams.Test.Genesis.Hash };
        var tip = ChainParams.Test.Genesis.Hash;
        foreach (var line in lines)
        {
            // Some fork off, and say so.
            var isFork = line.StartsWith("fork:", StringComparison.Ordinal);
            var header = BlockHeader.Parse(Hex.Decode(isFork ? line[5..] : line));
            Assert.EndsWith(Hex.Encode(header.ToBytes()), line, StringComparison.Ordinal);
            if (isFork)
            {
                continue;
            }

            Assert.Equal(tip, header.Previous);
            Assert.True(known.Add(header.Hash));
            Assert.True(CompactTarget.CheckProofOfWork(header.Hash, header.Bits, ChainParams.Test.PowLimit));
            tip = header.Hash;
        }
    }

    [Fact]
    public void A_cut_block_is_refused()
    {
        var bytes = ReadBlock("block_testnet49389.dat");

        Assert.False(Block.TryParse(bytes.AsSpan(..^1), out _));
        Assert.False(Block.TryParse([.. bytes, 0], out _));
    }

    /// <summary>
    /// The file is a block of Bitcoin's testnet: its name is the double SHA-256 of its header, and its transactions carry
    /// witnesses, which Dash has not. The header is one all the same; the rest must not be taken for a block.
    /// </summary>
    [Fact]
    public void A_block_of_another_coin_with_witnesses_is_refused()
    {
        const string name = "000000000000045e0b1660b6445b5e5c5ab63c9a4f956be7e1e69be04fa4497b";
        var bytes = SharedVectors.Read($"testnet_block_{name}.raw");
        var header = BlockHeader.Parse(bytes.AsSpan(0, BlockHeader.Size));

        Assert.Equal(name, Hashes.Sha256d(bytes.AsSpan(0, BlockHeader.Size)).ToString());
        Assert.Equal(bytes[..BlockHeader.Size], header.ToBytes());
        Assert.False(CompactTarget.CheckProofOfWork(header.Hash, header.Bits, ChainParams.Test.PowLimit));

        // BIP144 puts a count of no inputs and a flag behind the version; 15 transactions.
        const int firstTransaction = BlockHeader.Size + 1;
        Assert.Equal("01000000" + "0001", Hex.Encode(bytes.AsSpan(firstTransaction, 6)));
        Assert.Equal(15, bytes[BlockHeader.Size]);
        Assert.False(Block.TryParse(bytes, out _));
    }

    [Fact]
    public void Repeated_pairs_are_told()
    {
        var a = new Uint256(Enumerable.Repeat((byte)1, 32).ToArray());
        var b = new Uint256(Enumerable.Repeat((byte)2, 32).ToArray());
        var c = new Uint256(Enumerable.Repeat((byte)3, 32).ToArray());

        var honest = MerkleTree.Root([a, b, c], out var isHonestMutated);
        var repeated = MerkleTree.Root([a, b, c, c], out var isRepeatedMutated);

        Assert.Equal(honest, repeated);
        Assert.False(isHonestMutated);
        Assert.True(isRepeatedMutated);
        Assert.Equal(a, MerkleTree.Root([a], out _));
        Assert.Equal(Uint256.Zero, MerkleTree.Root([], out _));
    }

    [Fact]
    public void A_locator_is_dense_at_the_tip_and_ends_with_genesis()
    {
        var heights = new List<int>();

        var locator = BlockLocator.Of(100, height =>
        {
            heights.Add(height);
            return new BlockHash(CompactTarget.ToUint256(height));
        });

        Assert.Equal([100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 84, 76, 60, 28, 0], heights);
        var writer = new ByteWriter();
        locator.Write(writer);
        var reader = new SpanReader(writer.WrittenSpan);
        Assert.Equal(locator, BlockLocator.Read(ref reader));
        Assert.True(reader.IsAtEnd);
    }

    internal static byte[] ReadBlock(string file)
    {
        var bytes = SharedVectors.Read(file);
        return file.EndsWith(".data", StringComparison.Ordinal)
            ? Hex.Decode(System.Text.Encoding.ASCII.GetString(bytes).Trim())
            : bytes;
    }
}
