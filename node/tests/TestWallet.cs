using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests;

/// <summary>One key that gets and spends coins.</summary>
internal sealed class TestWallet : IDisposable
{
    private readonly PrivateKey _key = PrivateKey.FromBytes([.. Enumerable.Repeat((byte)7, 32)]);

    public Script Script => ScriptTemplates.PayToPubKeyHash(_key.PublicKey.Id);

    /// <summary>Pays one output to ourselves, or several equal ones, leaving a fee.</summary>
    public Transaction Spend(
        (OutPoint OutPoint, TxOut Output) coin,
        Amount fee,
        int outputs = 1,
        uint sequence = TxIn.FinalSequence,
        uint lockTime = 0)
    {
        var each = (coin.Output.Value - fee) / outputs;
        return Sign(
            new Transaction(
                [new TxIn(coin.OutPoint, Script.Empty, sequence)],
                [.. Enumerable.Range(0, outputs).Select(_ => new TxOut(each, Script))],
                lockTime),
            coin.Output.ScriptPubKey);
    }

    public Transaction Sign(Transaction transaction, params IReadOnlyList<Script> scripts)
    {
        var inputs = transaction.Inputs.ToBuilder();
        for (var i = 0; i < inputs.Count; i++)
        {
            var hash = SignatureHash.Compute(transaction, i, scripts[i], SigHashType.All);
            var signature = new ScriptBuilder()
                .Push([.. _key.Sign(hash), (byte)SigHashType.All])
                .Push(_key.PublicKey.Bytes)
                .Build();
            inputs[i] = inputs[i] with { ScriptSig = signature };
        }

        return transaction with { Inputs = inputs.ToImmutable() };
    }

    public static (OutPoint OutPoint, TxOut Output) Output(Transaction transaction, int index = 0) =>
        (new OutPoint(transaction.Txid, (uint)index), transaction.Outputs[index]);

    public void Dispose() => _key.Dispose();
}
