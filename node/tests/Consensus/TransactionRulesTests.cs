using Dash.Node.Consensus;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Consensus;

public class TransactionRulesTests
{
    private static readonly OutPoint Somewhere = new(Txid.Parse(new string('1', 64)), 0);
    private static readonly TxIn Input = new(Somewhere, Script.Empty);
    private static readonly TxOut Output = new(new Amount(1000), Script.FromHex("51"));

    public static TheoryData<string, Transaction> Broken => new()
    {
        { "bad-txns-vin-empty", new Transaction([], [Output]) },
        { "bad-txns-vout-empty", new Transaction([Input], []) },
        { "bad-txns-vout-negative", new Transaction([Input], [Output with { Value = new Amount(-1) }]) },
        {
            "bad-txns-vout-toolarge",
            new Transaction([Input], [Output with { Value = new Amount(21_000_000_00000001) }])
        },
        {
            "bad-txns-txouttotal-toolarge",
            new Transaction([Input], [Output with { Value = Amount.MaxMoney }, Output])
        },
        { "bad-txns-inputs-duplicate", new Transaction([Input, Input], [Output]) },
        { "bad-txns-prevout-null", new Transaction([Input, new TxIn(OutPoint.Null, Script.Empty)], [Output]) },
        { "bad-cb-length", new Transaction([new TxIn(OutPoint.Null, Script.FromHex("51"))], [Output]) },
        {
            "bad-txns-payload-oversize",
            new Transaction(3, TransactionType.AssetLock, [Input], [Output], 0, new byte[10_001])
        },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void A_broken_transaction_is_refused_for_its_reason(string reason, Transaction transaction) =>
        Assert.Equal(reason, TransactionRules.Check(transaction).RejectReason);

    [Fact]
    public void A_plain_transaction_is_fine()
    {
        var transaction = new Transaction([Input], [Output]);

        Assert.True(TransactionRules.Check(transaction).IsValid);
        Assert.True(TransactionRules.CheckAtHeight(transaction, 1000, ChainParams.Regtest).IsValid);
    }

    [Fact]
    public void Types_are_checked_from_dip3_on()
    {
        var unknown = new Transaction(3, (TransactionType)77, [Input], [Output], 0, new byte[1]);

        Assert.True(TransactionRules.CheckAtHeight(unknown, 431, ChainParams.Regtest).IsValid);
        Assert.Equal(
            "bad-txns-type", TransactionRules.CheckAtHeight(unknown, 432, ChainParams.Regtest).RejectReason);
    }

    [Fact]
    public void Inputs_must_exist_be_mature_and_cover_the_outputs()
    {
        var transaction = new Transaction([Input], [Output]);
        var coin = new Coin(Output with { Value = new Amount(1500) }, Height: 10, IsCoinBase: true);

        Assert.Equal(
            "bad-txns-inputs-missingorspent",
            TransactionRules.CheckInputs(transaction, [null], 200, out _).RejectReason);
        var premature = TransactionRules.CheckInputs(transaction, [coin], 109, out _);
        Assert.Equal("bad-txns-premature-spend-of-coinbase", premature.RejectReason);
        Assert.Equal("tried to spend coinbase at depth 99", premature.DebugMessage);
        Assert.True(TransactionRules.CheckInputs(transaction, [coin], 110, out var fee).IsValid);
        Assert.Equal(500, fee.Duffs);

        var poor = TransactionRules.CheckInputs(
            transaction, [coin with { Output = Output with { Value = new Amount(999) } }], 110, out _);
        Assert.Equal("bad-txns-in-belowout", poor.RejectReason);
        Assert.Equal("value in (0.00000999) < value out (0.00001)", poor.DebugMessage);
    }

    [Theory]
    [InlineData(100u, 0u, 100, false)]
    [InlineData(100u, 0u, 101, true)]
    [InlineData(100u, TxIn.FinalSequence, 5, true)]
    public void A_lock_time_waits_for_its_height(uint lockTime, uint sequence, int height, bool isFinal)
    {
        var transaction = new Transaction([Input with { Sequence = sequence }], [Output], lockTime);

        Assert.Equal(isFinal, TransactionRules.IsFinal(transaction, height, 1_700_000_000));
    }
}
