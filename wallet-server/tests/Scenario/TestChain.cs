using System.Collections.Immutable;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>
/// A chain out of thin air: blocks by name, each on another, with transactions that pay scripts. Nothing checks work or
/// signatures; a wallet does not either.
/// </summary>
internal sealed class TestChain
{
    private readonly Dictionary<string, BlockFacts> _blocks = [];
    private uint _nonce;

    public TestChain() => _blocks["genesis"] = Make(null, 0, []);

    public static Script Stranger { get; } = ScriptTemplates.PayToPubKeyHash(new Hash160(new byte[20]));

    public BlockFacts this[string name] => _blocks[name];

    /// <summary>A transaction of a stranger that pays.</summary>
    public Transaction Pay(params (Script Script, Amount Value)[] outputs) => Pay(Foreign(), outputs);

    /// <summary>A transaction that spends an output and pays.</summary>
    public static Transaction Pay(OutPoint from, params (Script Script, Amount Value)[] outputs) => Pay([from], outputs);

    /// <summary>A transaction that spends several outputs together and pays.</summary>
    public static Transaction Pay(IReadOnlyList<OutPoint> from, params (Script Script, Amount Value)[] outputs) => new(
        [.. from.Select(static place => new TxIn(place, Script.Empty))],
        [.. outputs.Select(output => new TxOut(output.Value, output.Script))]);

    /// <summary>An output the wallets know nothing about.</summary>
    public OutPoint Foreign() => new(new Txid(Hashes.Sha256(BitConverter.GetBytes(_nonce++))), 0);

    /// <summary>A block; its coinbase pays the script (a stranger's if not given).</summary>
    public BlockFacts Mine(string name, string on, Script? miner = null, params Transaction[] txs) =>
        _blocks[name] = Make(_blocks[on], _blocks[on].Height + 1, [Coinbase(miner ?? Stranger), .. txs]);

    /// <summary>So many empty blocks, named name1, name2, …</summary>
    public List<BlockFacts> MineMany(string name, string on, int count)
    {
        var blocks = new List<BlockFacts>();
        for (var i = 1; i <= count; i++)
        {
            blocks.Add(Mine(name + i, i == 1 ? on : name + (i - 1)));
        }

        return blocks;
    }

    private Transaction Coinbase(Script script) => new(
        [new TxIn(OutPoint.Null, new ScriptBuilder().Number(_nonce++).Build())],
        [new TxOut(Amount.FromDash(500), script)]);

    private BlockFacts Make(BlockFacts? previous, int height, ImmutableArray<Transaction> txs)
    {
        var time = TestWallets.Birth + (height * 150);
        var root = txs.IsEmpty ? Uint256.Zero : MerkleTree.Root([.. txs.Select(tx => tx.Txid.Value)], out _);
        var header = new BlockHeader(1, previous?.Hash ?? default, root, (uint)time, 0x207fffff, _nonce++);
        var writer = new ByteWriter();
        header.Write(writer);
        writer.WriteCompactSize(txs.Length);
        foreach (var tx in txs)
        {
            tx.Write(writer);
        }

        return new BlockFacts(header.Hash, height, previous?.Hash ?? default, time, time, writer.ToArray());
    }
}
