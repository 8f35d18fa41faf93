using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Networks;

/// <summary>The first block, the same on every network but for time, target and nonce.</summary>
internal static class GenesisBlock
{
    private const string Headline =
        "Wired 09/Jan/2014 The Grand Experiment Goes Live: Overstock.com Is Now Accepting Bitcoins";

    private const string PublicKey =
        "040184710fa689ad5023690c80f3a49c8f13f8d45b8c857fbcbc8bc4a8e4d3eb4b"
        + "10f4d4604fa08dce601aaf0f470216fe1b51850b4acf21b179c45070ac7b03a9";

    // The target of Bitcoin's first block, which its miner wrote into the coinbase, and so did all who copied.
    private const uint TraditionalBits = 0x1d00ffff;

    public static Block Create(uint time, uint nonce, uint bits)
    {
        var script = new ScriptBuilder()
            .Number(TraditionalBits)
            .Push([4])
            .Push(System.Text.Encoding.ASCII.GetBytes(Headline))
            .Build();
        var reward = new TxOut(Amount.FromDash(50), ScriptTemplates.PayToPubKey(Hex.Decode(PublicKey)));
        var coinbase = new Transaction(
            version: 1, TransactionType.Normal, [new TxIn(OutPoint.Null, script)], [reward]);
        var root = MerkleTree.Root([coinbase.Txid.Value], out _);
        return new Block(new BlockHeader(1, default, root, time, bits, nonce), [coinbase]);
    }
}
