using System.Collections.Immutable;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Bench.Benchmarks;

/// <summary>A block of signed payments from key to key.</summary>
internal sealed class SampleBlock
{
    private SampleBlock(Block block, Script[] spent)
    {
        Block = block;
        Spent = spent;
    }

    public Block Block { get; }

    /// <summary>The script each input spends, transaction by transaction.</summary>
    public Script[] Spent { get; }

    /// <summary>Makes one; each input is signed by one of a hundred keys.</summary>
    public static SampleBlock Create(int transactions, int inputsOfEach)
    {
        var keys = Enumerable.Range(1, 100).Select(static i =>
        {
            var secret = new byte[PrivateKey.Size];
            BitConverter.TryWriteBytes(secret.AsSpan(16), i);
            return PrivateKey.FromBytes(secret);
        }).ToArray();
        var scripts = Array.ConvertAll(keys, static key => ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id));
        var list = new List<Transaction>();
        var spent = new List<Script>();
        for (var t = 0; t < transactions; t++)
        {
            var unsigned = new Transaction(
                [.. Enumerable.Range(0, inputsOfEach).Select(i => new TxIn(
                    new OutPoint(new Txid(Hashes.Sha256(BitConverter.GetBytes((t * 1000) + i))), (uint)i),
                    Script.Empty))],
                [new TxOut(Amount.OneDash, scripts[t % 100]), new TxOut(Amount.OneDash, scripts[(t + 1) % 100])]);
            var signed = ImmutableArray.CreateBuilder<TxIn>(inputsOfEach);
            for (var i = 0; i < inputsOfEach; i++)
            {
                var place = (t + i) % 100;
                var hash = SignatureHash.Compute(unsigned, i, scripts[place], SigHashType.All);
                var scriptSig = new ScriptBuilder()
                    .Push([.. keys[place].Sign(hash), (byte)SigHashType.All])
                    .Push(keys[place].PublicKey.Bytes)
                    .Build();
                signed.Add(unsigned.Inputs[i] with { ScriptSig = scriptSig });
                spent.Add(scripts[place]);
            }

            list.Add(unsigned with { Inputs = signed.MoveToImmutable() });
        }

        foreach (var key in keys)
        {
            key.Dispose();
        }

        var root = MerkleTree.Root([.. list.Select(static each => each.Txid.Value)], out _);
        return new SampleBlock(new Block(new BlockHeader(4, default, root, 0, 0x207fffff, 0), list), [.. spent]);
    }
}
