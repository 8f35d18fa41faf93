using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Transactions;

public sealed class StandardnessTests
{
    private static readonly StandardRules Rules = StandardRules.Default;
    private static readonly Script PayKeyHash = Script.FromHex("76a914" + new string('1', 40) + "88ac");
    private static readonly byte[] Key = Convert.FromHexString("02" + new string('3', 64));
    private static readonly TxIn Input = new(new OutPoint(Txid.Parse(new string('1', 64)), 0), Script.Empty);
    private static readonly TxOut Output = new(new Amount(546), PayKeyHash);

    [Fact]
    public void Each_fault_has_its_reason()
    {
        Assert.Null(Check(new Transaction([Input], [Output])));
        Assert.Equal("version", Check(new Transaction([Input], [Output]) with { Version = 4 }));
        Assert.Equal("version", Check(new Transaction([Input], [Output]) with { Version = 0 }));
        Assert.Equal("tx-size", Check(new Transaction([Input], [.. Enumerable.Repeat(Output, 3000)])));
        Assert.Equal(
            "scriptsig-size",
            Check(new Transaction([Input with { ScriptSig = new Script(new byte[1651]) }], [Output])));
        Assert.Equal(
            "scriptsig-not-pushonly",
            Check(new Transaction([Input with { ScriptSig = Script.FromHex("76") }], [Output])));
        Assert.Equal("scriptpubkey", CheckOutput(Script.FromHex("5151")));
        Assert.Equal("dust", Check(new Transaction([Input], [Output with { Value = new Amount(545) }])));
        Assert.Equal("multi-op-return", Check(new Transaction([Input], [Data(4), Data(4)])));
        Assert.Null(Check(new Transaction([Input], [Data(80), Output])));
        Assert.Equal("scriptpubkey", Check(new Transaction([Input], [Data(81), Output])));
        Assert.Equal(
            "scriptpubkey",
            Standardness.Check(new Transaction([Input], [Data(1)]), Rules with { AcceptDataCarrier = false }));
    }

    [Fact]
    public void Bare_multisig_is_standard_up_to_three_keys()
    {
        Assert.Null(CheckOutput(Multisig(2, 3)));
        Assert.Equal("scriptpubkey", CheckOutput(Multisig(2, 4)));
        Assert.Equal(
            "bare-multisig",
            Standardness.Check(
                new Transaction([Input], [Output with { Value = Amount.OneDash, ScriptPubKey = Multisig(1, 2) }]),
                Rules with { PermitBareMultisig = false }));
    }

    [Fact]
    public void What_is_spent_must_be_standard_too()
    {
        var cheap = Multisig(1, 15);
        var costly = new ScriptBuilder().Op(Opcode.CheckMultiSig).Build(); // twenty, as the number of keys is not known
        Assert.True(Spends(PayKeyHash, Script.Empty));
        Assert.False(Spends(Script.FromHex("5151"), Script.Empty));
        Assert.True(Spends(ScriptTemplates.PayToScriptHash(cheap), new ScriptBuilder().Push(cheap.Span).Build()));
        Assert.False(Spends(ScriptTemplates.PayToScriptHash(costly), new ScriptBuilder().Push(costly.Span).Build()));
        Assert.False(Spends(ScriptTemplates.PayToScriptHash(cheap), Script.Empty));
        Assert.False(Spends(ScriptTemplates.PayToScriptHash(cheap), Script.FromHex("05")));
        Assert.True(Standardness.AreInputsStandard(
            new Transaction([new TxIn(OutPoint.Null, Script.Empty)], [Output]), []));

        static bool Spends(Script spent, Script scriptSig) =>
            Standardness.AreInputsStandard(new Transaction([Input with { ScriptSig = scriptSig }], [Output]), [spent]);
    }

    [Fact]
    public void Dust_depends_on_what_it_costs_to_spend()
    {
        var rate = new FeeRate(3000);
        Assert.Equal(new Amount(546), Standardness.DustThreshold(Output, rate));
        Assert.Equal(new Amount(540), Standardness.DustThreshold(
            Output with { ScriptPubKey = ScriptTemplates.PayToScriptHash(Script.Empty) }, rate));
        Assert.Equal(Amount.Zero, Standardness.DustThreshold(Data(10), rate));
    }

    private static string? Check(Transaction transaction) => Standardness.Check(transaction, Rules);

    private static string? CheckOutput(Script script) =>
        Check(new Transaction([Input], [new TxOut(Amount.OneDash, script)]));

    private static TxOut Data(int bytes) => new(Amount.Zero, ScriptTemplates.NullData(new byte[bytes]));

    private static Script Multisig(int required, int keys) =>
        ScriptTemplates.Multisig(required, Enumerable.Repeat((ReadOnlyMemory<byte>)Key, keys));
}
