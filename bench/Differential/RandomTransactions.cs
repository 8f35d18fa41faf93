using Dash.Bench.Wallets;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Bench.Differential;

/// <summary>Transactions that spend the run's coins: most of them right, some wrong in one way or other.</summary>
internal sealed class RandomTransactions(Random random, PrivateKey key, Script script)
{
    private static readonly (string Name, Func<RandomTransactions, Transaction, Transaction> Spoil)[] Faults =
    [
        ("no inputs", static (_, tx) => tx with { Inputs = [] }),
        ("no outputs", static (_, tx) => tx with { Outputs = [] }),
        ("input twice", static (_, tx) => tx with { Inputs = tx.Inputs.Add(tx.Inputs[0]) }),
        ("unknown input", static (run, tx) => tx with
        {
            Inputs = tx.Inputs.SetItem(0, tx.Inputs[0] with { PreviousOutput = new OutPoint(tx.Inputs[0].PreviousOutput.Txid, (uint)run.Next(50, 90)) }),
        }),
        ("null input", static (_, tx) => tx with { Inputs = tx.Inputs.Add(tx.Inputs[0] with { PreviousOutput = OutPoint.Null }) }),
        ("too much", static (_, tx) => PayMore(tx)),
        ("negative", static (_, tx) => tx with { Outputs = tx.Outputs.SetItem(0, tx.Outputs[0] with { Value = new Amount(-1) }) }),
        ("beyond all coins", static (_, tx) => tx with { Outputs = tx.Outputs.SetItem(0, tx.Outputs[0] with { Value = new Amount(2_100_000_000_000_001) }) }),
        ("dust", static (_, tx) => tx with { Outputs = tx.Outputs.Add(tx.Outputs[0] with { Value = new Amount(100) }) }),
        ("strange output", static (run, tx) => tx with { Outputs = tx.Outputs.Add(new TxOut(Amount.Zero, new Script(run.Bytes(run.Next(1, 40))))) }),
        ("two data outputs", static (run, tx) => tx with
        {
            Outputs = tx.Outputs.Add(new TxOut(Amount.Zero, ScriptTemplates.NullData(run.Bytes(10)))).Add(new TxOut(Amount.Zero, ScriptTemplates.NullData(run.Bytes(10)))),
        }),
        ("version", static (run, tx) => tx with { Version = (short)run.Next(-2, 6) }),
        ("special type", static (run, tx) => tx with { Version = 3, Type = (TransactionType)run.Next(1, 12), ExtraPayload = run.Bytes(run.Next(0, 60)) }),
        ("lock time", static (run, tx) => tx with
        {
            LockTime = (uint)run.Next(1, 5_000),
            Inputs = [.. tx.Inputs.Select(static input => input with { Sequence = uint.MaxValue - 1 })],
        }),
        ("relative lock", static (run, tx) => tx with { Inputs = [.. tx.Inputs.Select(input => input with { Sequence = (uint)run.Next(0, 200) })] }),
        ("script with junk", static (run, tx) => tx with { Inputs = tx.Inputs.SetItem(0, tx.Inputs[0] with { ScriptSig = new Script(run.Bytes(run.Next(0, 60))) }) }),
        ("no fee", static (_, tx) => tx),
    ];

    /// <summary>A number from one to below another.</summary>
    public int Next(int from, int to) => random.Next(from, to);

    /// <summary>Random bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A transaction that spends some coins and pays the same key.</summary>
    /// <param name="coins">What is spent.</param>
    /// <param name="isGood">False to spoil it.</param>
    /// <param name="what">What was done to it.</param>
    public Transaction Make(IReadOnlyList<Coin> coins, bool isGood, out string what)
    {
        var value = coins.Sum(static coin => coin.Output.Value.Duffs);
        var fault = isGood ? default : Faults[random.Next(Faults.Length)];
        var fee = fault.Name == "no fee" ? 0 : random.Next(300, 30_000) * coins.Count;
        var count = random.Next(1, 4);
        var each = Math.Max(1, (value - fee) / count);
        Transaction transaction = new(
            [.. coins.Select(static coin => new TxIn(coin.OutPoint, Script.Empty, uint.MaxValue))],
            [.. Enumerable.Range(0, count).Select(_ => new TxOut(new Amount(each), script))]);
        what = fault.Name ?? "good";

        // Half of the faults come before signing, so that the signature fits them.
        var isSignedLast = fault.Spoil is not null && random.Next(2) == 0;
        transaction = isSignedLast ? fault.Spoil!(this, transaction) : transaction;
        transaction = Sign(transaction, coins);
        return fault.Spoil is null || isSignedLast ? transaction : fault.Spoil(this, transaction);
    }

    private Transaction Sign(Transaction transaction, IReadOnlyList<Coin> coins)
    {
        var inputs = transaction.Inputs.ToBuilder();
        for (var i = 0; i < Math.Min(inputs.Count, coins.Count); i++)
        {
            inputs[i] = inputs[i] with { ScriptSig = TestKeys.Sign(transaction, i, coins[i].Output.ScriptPubKey, key) };
        }

        return transaction with { Inputs = inputs.ToImmutable() };
    }

    private static Transaction PayMore(Transaction tx) => tx with
    {
        Outputs = tx.Outputs.SetItem(0, tx.Outputs[0] with { Value = tx.Outputs[0].Value + Amount.FromDash(10) }),
    };
}
