using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Transactions;

public sealed class BloomFilterTests
{
    [Theory]
    [InlineData(0u, "03614e9b050000000000000001")]
    [InlineData(2147483649u, "03ce4299050000000100008001")]
    public void Has_the_published_form(uint tweak, string expected)
    {
        var filter = new BloomFilter(3, 0.01, tweak, BloomUpdate.All);
        byte[][] elements =
        [
            Hex.Decode("99108ad8ed9bb6274d3980bab5a85c048f0950c8"),
            Hex.Decode("b5a2c786d9ef4658287ced5914b37a1b4aa32eee"),
            Hex.Decode("b9300670b4c5366e95b2699e8b18bc75e5f729c5"),
        ];
        foreach (var element in elements)
        {
            filter.Add(element);
            Assert.True(filter.Contains(element));
        }

        Assert.False(filter.Contains(Hex.Decode("19108ad8ed9bb6274d3980bab5a85c048f0950c8")));
        var writer = new ByteWriter();
        filter.Write(writer);
        Assert.Equal(expected, Hex.Encode(writer.WrittenSpan));
        Assert.True(BloomFilter.TryParse(writer.WrittenSpan, out var read));
        Assert.All(elements, element => Assert.True(read.Contains(element)));
        Assert.False(BloomFilter.TryParse(writer.WrittenSpan[..^1], out _));
    }

    [Fact]
    public void Limits_are_kept_by_those_we_make_and_told_of_those_we_read()
    {
        var big = new BloomFilter(1_000_000, 0.0000001, 0, BloomUpdate.None);
        Assert.True(big.IsWithinLimits);
        Assert.True(new BloomFilter(1, 1e-300, 0, BloomUpdate.None).HashFunctions <= BloomFilter.MaxHashFunctions);
        var writer = new ByteWriter();
        writer.WriteVarBytes(new byte[BloomFilter.MaxSize + 1]);
        writer.WriteBytes(new byte[9]);
        Assert.True(BloomFilter.TryParse(writer.WrittenSpan, out var read));
        Assert.False(read.IsWithinLimits);
    }

    [Fact]
    public void One_without_bits_matches_everything()
    {
        Assert.True(BloomFilter.TryParse(new byte[10], out var filter));
        filter.Add([1]);
        Assert.True(filter.Contains([2]));
        Assert.True(filter.MatchesAndLearns(new Transaction([], [])));
    }

    [Theory]
    [InlineData(BloomUpdate.None, false, false)]
    [InlineData(BloomUpdate.All, true, true)]
    [InlineData(BloomUpdate.PubKeyOnly, false, true)]
    public void What_matched_is_learned_as_asked(BloomUpdate update, bool learnsHash, bool learnsKey)
    {
        using var key = PrivateKey.FromBytes([.. new byte[31], 7]);
        var toHash = new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id));
        var toKey = new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKey(key.PublicKey.Bytes));
        var funding = new Transaction([], [toHash, toKey]);
        var filter = new BloomFilter(10, 0.000001, 3, update);
        filter.Add(key.PublicKey.Id.ToArray());
        filter.Add(key.PublicKey.Bytes);

        Assert.True(filter.MatchesAndLearns(funding));

        Assert.Equal(learnsHash, filter.Contains(new OutPoint(funding.Txid, 0)));
        Assert.Equal(learnsKey, filter.Contains(new OutPoint(funding.Txid, 1)));
        var spend = new Transaction([new TxIn(new OutPoint(funding.Txid, 1), Script.Empty, 0)], []);
        Assert.Equal(learnsKey, filter.MatchesAndLearns(spend));
        var signed = new Transaction(
            [new TxIn(new OutPoint(new Txid(Hashes.Sha256("o"u8)), 0), new ScriptBuilder().Push(key.PublicKey.Bytes).Build(), 0)], []);
        Assert.True(filter.MatchesAndLearns(signed));
    }

    [Fact]
    public void Payloads_match_by_what_they_name()
    {
        var voter = new Hash160([9, .. new byte[19]]);
        var payload = new ProUpRegTx { Version = 2, ProTxHash = new Txid(Hashes.Sha256("p"u8)), VotingKeyId = voter };
        var transaction = new Transaction(3, TransactionType.ProUpRegTx, [], [], 0, payload.ToBytes());
        var filter = new BloomFilter(10, 0.000001, 3, BloomUpdate.All);
        Assert.False(filter.MatchesAndLearns(transaction));

        filter.Add(voter.ToArray());
        Assert.True(filter.MatchesAndLearns(transaction));

        var revoke = new ProUpRevTx { Version = 2, ProTxHash = payload.ProTxHash };
        Assert.True(filter.MatchesAndLearns(new Transaction(3, TransactionType.ProUpRevTx, [], [], 0, revoke.ToBytes())));
        var credit = new AssetLock(1, [new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKeyHash(voter))]);
        Assert.True(filter.MatchesAndLearns(new Transaction(3, TransactionType.AssetLock, [], [], 0, credit.ToBytes())));
    }
}
