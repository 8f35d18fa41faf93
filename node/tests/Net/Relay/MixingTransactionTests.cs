using Dash.Node.Net.Relay;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Net.Relay;

public class MixingTransactionTests
{
    private static readonly Script Paid = ScriptTemplates.PayToPubKeyHash(new Hash160(new byte[20]));
    private static readonly Txid Masternode = new(Hashes.Sha256d([1]));

    [Theory]
    [InlineData(2, 2, 100_001, true)]
    [InlineData(180, 180, 1_000_010_000, true)]
    [InlineData(1, 1, 100_001, false)]       // nobody mixes alone
    [InlineData(181, 181, 100_001, false)]   // 20 of 9 each
    [InlineData(3, 2, 100_001, false)]
    [InlineData(2, 2, 100_000, false)]
    public void It_has_as_many_inputs_as_outputs_of_one_of_five_amounts(int inputs, int outputs, long value, bool isWellFormed)
    {
        var mixing = new MixingTransaction(Make(inputs, outputs, value, Paid), Masternode);
        Assert.Equal(isWellFormed, mixing.IsWellFormed(ChainParams.Regtest));
        Assert.False((mixing with { ProTxHash = default }).IsWellFormed(ChainParams.Regtest));
        Assert.Equal(isWellFormed && inputs > 2, mixing.IsWellFormed(ChainParams.Main));
    }

    [Fact]
    public void It_pays_to_hashes_of_keys_only() =>
        Assert.False(new MixingTransaction(Make(2, 2, 100_001, ScriptTemplates.PayToScriptHash(new Hash160(new byte[20]))), Masternode)
            .IsWellFormed(ChainParams.Regtest));

    [Fact]
    public void It_is_read_to_its_end()
    {
        ByteWriter writer = new();
        var transaction = Make(2, 2, 100_001, Paid);
        transaction.Write(writer);
        writer.WriteUint256(Masternode.Value);
        writer.WriteVarBytes(new byte[96]);
        writer.WriteInt64(7);
        var bytes = writer.ToArray();
        var reader = new SpanReader(bytes);
        Assert.Equal(new MixingTransaction(transaction, Masternode), MixingTransaction.Read(ref reader));
        Assert.True(reader.IsAtEnd);
        Assert.Throws<EncodingException>(() =>
        {
            var cut = new SpanReader(bytes.AsSpan(..^1));
            MixingTransaction.Read(ref cut);
        });
    }

    private static Transaction Make(int inputs, int outputs, long value, Script script) => new(
        [.. Enumerable.Range(0, inputs).Select(static i => new TxIn(new OutPoint(new Txid(Hashes.Sha256d([2])), (uint)i), Script.Empty))],
        [.. Enumerable.Range(0, outputs).Select(_ => new TxOut(new Amount(value), script))]);
}
