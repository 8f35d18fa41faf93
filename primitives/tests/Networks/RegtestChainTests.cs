using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Networks;

/// <summary>A chain that dashd made: everything in it reads, links and verifies.</summary>
public sealed class RegtestChainTests
{
    private const string BlockFile = "regtest/blocks/blk00000.dat";

    [Fact]
    public void Every_block_of_dashds_chain_links_and_every_spend_verifies()
    {
        using var expected = JsonDocument.Parse(SharedVectors.Read("dashd-regtest/expected.json"));
        var hashes = expected.RootElement.GetProperty("blocks").EnumerateArray().Select(h => h.GetString()!).ToArray();
        var blocks = ReadBlocks().ToDictionary(block => block.Hash);
        var chain = ChainParams.Regtest;
        Assert.Equal(chain.Genesis.Hash.ToString(), hashes[0]);
        Assert.Equal(chain.Genesis.ToBytes(), blocks[chain.Genesis.Hash].ToBytes());

        var outputs = new Dictionary<OutPoint, TxOut>();
        var spends = 0;
        for (var height = 0; height < hashes.Length; height++)
        {
            var block = blocks[BlockHash.Parse(hashes[height])];
            Assert.True(CompactTarget.CheckProofOfWork(block.Hash, block.Header.Bits, chain.PowLimit));
            Assert.Equal(block.Header.MerkleRoot, block.ComputeMerkleRoot(out _));
            Assert.Equal(height > 0 ? hashes[height - 1] : new string('0', 64), block.Header.Previous.ToString());
            CheckCoinbase(block.Transactions[0], height, chain);

            foreach (var transaction in block.Transactions)
            {
                if (!transaction.IsCoinBase)
                {
                    spends += Spend(transaction, outputs);
                }

                for (var i = 0; i < transaction.Outputs.Length; i++)
                {
                    outputs.Add(new OutPoint(transaction.Txid, (uint)i), transaction.Outputs[i]);
                }
            }
        }

        Assert.True(spends > 0);
    }

    private static int Spend(Transaction transaction, Dictionary<OutPoint, TxOut> outputs)
    {
        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            var input = transaction.Inputs[i];
            Assert.True(outputs.Remove(input.PreviousOutput, out var spent));
            var checker = new TransactionChecker(transaction, i);
            Interpreter.Verify(input.ScriptSig, spent.ScriptPubKey, ScriptFlags.Standard, checker, out var error);
            Assert.Equal(ScriptError.Ok, error);

            // Any other amount would have another signature.
            var richer = transaction with
            {
                Outputs = [transaction.Outputs[0] with { Value = transaction.Outputs[0].Value + new Amount(1) }],
            };
            checker = new TransactionChecker(richer, i);
            Assert.False(
                Interpreter.Verify(input.ScriptSig, spent.ScriptPubKey, ScriptFlags.Standard, checker, out _));
        }

        return transaction.Inputs.Length;
    }

    private static void CheckCoinbase(Transaction coinbase, int height, ChainParams chain)
    {
        Assert.True(coinbase.IsCoinBase);
        if (height < chain.Heights.Dip0003)
        {
            Assert.Equal(TransactionType.Normal, coinbase.Type);
            return;
        }

        Assert.Equal(TransactionType.CoinbaseSpecial, coinbase.Type);
        Assert.True(CbTx.TryParse(coinbase.ExtraPayload.Span, out var payload));
        Assert.Equal(height, payload.Height);
        Assert.Equal(CbTx.VersionChainLock, payload.Version);
        Assert.False(payload.HasChainLock);
        Assert.Equal(coinbase.ExtraPayload.ToArray(), payload.ToBytes());
    }

    private static List<Block> ReadBlocks()
    {
        using var archive = new MemoryStream(SharedVectors.Read("dashd-regtest/datadir.tar.gz"));
        using var plain = new GZipStream(archive, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == BlockFile)
            {
                using var file = new MemoryStream();
                entry.DataStream!.CopyTo(file);
                return Split(file.ToArray());
            }
        }

        throw new FileNotFoundException(BlockFile);
    }

    // Magic, length, block; zeros after the last.
    private static List<Block> Split(byte[] file)
    {
        var blocks = new List<Block>();
        var reader = new SpanReader(file);
        while (reader.Remaining > 8 && reader.ReadUInt32() != 0)
        {
            blocks.Add(Block.Parse(reader.ReadBytes(reader.ReadInt32())));
        }

        return blocks;
    }
}
