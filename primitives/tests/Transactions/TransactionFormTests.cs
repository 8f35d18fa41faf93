using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Transactions;

public sealed class TransactionFormTests
{
    private static readonly TxIn Input = new(new OutPoint(Txid.Parse(new string('1', 64)), 0), Script.Empty);
    private static readonly TxIn Nothing = new(OutPoint.Null, Script.FromHex("0101"));
    private static readonly TxOut Output = new(new Amount(1000), Script.FromHex("51"));

    [Fact]
    public void Each_fault_has_its_reason()
    {
        Refuse("bad-txns-vin-empty", new Transaction([], [Output]));
        Refuse("bad-txns-vout-empty", new Transaction([Input], []));
        Refuse("bad-txns-vout-negative", new Transaction([Input], [Output with { Value = new Amount(-1) }]));
        Refuse(
            "bad-txns-vout-toolarge",
            new Transaction([Input], [Output with { Value = new Amount(21_000_000_00000001) }]));
        Refuse(
            "bad-txns-txouttotal-toolarge",
            new Transaction([Input], [Output with { Value = Amount.MaxMoney }, Output]));
        Refuse("bad-txns-inputs-duplicate", new Transaction([Input, Input], [Output]));
        Refuse("bad-txns-prevout-null", new Transaction([Input, Nothing], [Output]));
        Refuse("bad-cb-length", new Transaction([Nothing with { ScriptSig = Script.FromHex("51") }], [Output]));
        Refuse("bad-cb-length", new Transaction([Nothing with { ScriptSig = new Script(new byte[101]) }], [Output]));
        Refuse(
            "bad-txns-oversize",
            new Transaction([Input with { ScriptSig = new Script(new byte[1_000_000]) }], [Output]));
        Refuse("bad-txns-payload-oversize", Special(TransactionType.AssetLock, [Input], [Output], 10_001));
    }

    [Fact]
    public void Some_special_transactions_lack_inputs_or_outputs()
    {
        Assert.Null(TransactionForm.Check(new Transaction([Input], [Output])));
        Assert.Null(TransactionForm.Check(new Transaction([Nothing], [Output])));
        Assert.Null(TransactionForm.Check(Special(TransactionType.QuorumCommitment, [], [], 10)));
        Assert.Null(TransactionForm.Check(Special(TransactionType.MnHfSignal, [], [], 10)));
        Assert.Null(TransactionForm.Check(Special(TransactionType.AssetUnlock, [], [Output], 10_000)));
        Refuse("bad-txns-vout-empty", Special(TransactionType.AssetUnlock, [], [], 10));
        Assert.Null(TransactionForm.Check(Special(
            TransactionType.CoinbaseSpecial, [Nothing with { ScriptSig = Script.FromHex("51") }], [Output], 10)));
    }

    private static Transaction Special(TransactionType type, TxIn[] inputs, TxOut[] outputs, int payload) =>
        new(3, type, [.. inputs], [.. outputs], 0, new byte[payload]);

    private static void Refuse(string reason, Transaction transaction) =>
        Assert.Equal(reason, TransactionForm.Check(transaction));
}
