using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Storage;

public class CoinCodecTests
{
    [Theory]
    [InlineData(0, 0x0)]
    [InlineData(1, 0x1)]
    [InlineData(1_000_000, 0x7)]
    [InlineData(100_000_000, 0x9)]
    [InlineData(5_000_000_000, 0x32)]
    [InlineData(2_100_000_000_000_000, 0x1406f40)]
    public void Amounts_have_the_known_short_forms(ulong duffs, ulong compressed)
    {
        Assert.Equal(compressed, CoinCodec.CompressAmount(duffs));
        Assert.Equal(duffs, CoinCodec.DecompressAmount(compressed));
    }

    [Fact]
    public void Every_amount_comes_back()
    {
        for (ulong duffs = 1; duffs < 100_000_000_000; duffs = (duffs * 3) + 7)
        {
            Assert.Equal(duffs, CoinCodec.DecompressAmount(CoinCodec.CompressAmount(duffs)));
        }
    }

    public static TheoryData<string, int> Scripts => new()
    {
        { "76a914000102030405060708090a0b0c0d0e0f1011121388ac", 21 },
        { "a914000102030405060708090a0b0c0d0e0f1011121387", 21 },
        { "210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798ac", 33 },
        { ChainParams.Regtest.Genesis.Transactions[0].Outputs[0].ScriptPubKey.ToHex(), 33 },
        { "6a", 2 },
        { "", 1 },
        { "4104" + new string('f', 128) + "ac", 68 },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Scripts_come_back_from_their_compressed_form(string hex, int size)
    {
        var script = Script.FromHex(hex);
        var writer = new ByteWriter();

        CompressedScript.Write(writer, script);
        var reader = new SpanReader(writer.WrittenSpan);

        Assert.Equal(size, writer.Length);
        Assert.Equal(script, CompressedScript.Read(ref reader));
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(203_998, true)]
    public void Coins_come_back_from_chainstate_and_undo_data(int height, bool isCoinBase)
    {
        var coin = new Coin(new TxOut(new Amount(60_000_000_000), Script.FromHex("51")), height, isCoinBase);
        var writer = new ByteWriter();
        CoinCodec.WriteCoin(writer, coin);
        CoinCodec.WriteSpent(writer, coin);

        var reader = new SpanReader(writer.WrittenSpan);

        Assert.Equal(coin, CoinCodec.ReadCoin(ref reader));
        Assert.Equal(coin, CoinCodec.ReadSpent(ref reader));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_known_coin_has_its_known_bytes()
    {
        var bytes = Hex.Decode("97f23c835800816115944e077fe7c803cfa57f29b36bf87c1d35");
        var reader = new SpanReader(bytes);

        var coin = CoinCodec.ReadCoin(ref reader);

        Assert.Equal(203_998, coin.Height);
        Assert.False(coin.IsCoinBase);
        Assert.Equal(60_000_000_000, coin.Output.Value.Duffs);
        Assert.Equal("76a914816115944e077fe7c803cfa57f29b36bf87c1d3588ac", coin.Output.ScriptPubKey.ToHex());
    }
}
