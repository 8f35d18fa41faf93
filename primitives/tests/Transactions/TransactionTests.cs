using System.Text.Json;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Transactions;

public sealed class TransactionTests
{
    [Theory]
    [InlineData("trivially_valid.json")]
    [InlineData("trivially_invalid.json")]
    public void Special_transactions_keep_their_bytes_and_txid(string file)
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read(file));
        foreach (var row in VectorRows.OfLength(rows, file, 2))
        {
            var hex = row[3].GetString()!;
            var transaction = Transaction.Parse(Hex.Decode(hex));
            Assert.Equal(row[0].GetString(), transaction.Txid.ToString());
            Assert.Equal(hex, Hex.Encode(transaction.ToBytes()));
            Assert.Equal(hex.Length / 2, transaction.Size);
            Assert.Equal(row[1].GetString(), transaction.Type.ToString(), ignoreCase: true);
        }
    }

    // A ProUpRevTx of testnet.
    [Fact]
    public void A_real_special_transaction_keeps_its_bytes_and_txid()
    {
        const string hex =
            "0300040001c252c6a17964918ef6ee30128b1b003e767912f83bcd13e0f1abbaef90e4a4a2000000006a47304402206e69a4bcfaef862da25d0f70a2"
            + "ff19bd783a35597f0c3a79392d1cdcbb7bf31c022074846a514a7af6c9a2e2949f558f61272a29b7aa5a170f07e55fb56df91ca9490121035ffbab73"
            + "725c430b2904c10563007c5047257aae6caefcda4b47ed70c03b2f6efeffffff0166327b00000000001976a914b734da3d63094c95589fcf9252cd8d"
            + "9c46eebafa88ac00000000a40200cb1002143ac5db461791432aee2d8dea8a5822ec1f194e21948e48b054af1c750100572391a43fa586d85102dbc4"
            + "c89982ed36b8d789c80eef9697a2b1b97ab750378369767f8fe0ec9a8abbd91a0b6da8644271342848739a152ea336e0ac800884a73ffb539ab4fb93"
            + "a5c0326103bf504609e635248348b68b5599e99bbc5923f65b46af02fa85645a7e2a9cd359540a362d551ed87ae572f716f7a0875a632373";

        var transaction = Transaction.Parse(Hex.Decode(hex));

        Assert.Equal("4eb416679d71b480ffb67714c68592a64c3b0d93ca28c01fe280dde00968b97b", transaction.Txid.ToString());
        Assert.Equal(hex, Hex.Encode(transaction.ToBytes()));
        Assert.Equal((3, TransactionType.ProUpRevTx), (transaction.Version, transaction.Type));
        Assert.True(ProUpRevTx.TryParse(transaction.ExtraPayload.Span, out var payload));
        Assert.Equal(transaction.ExtraPayload.ToArray(), payload.ToBytes());
        Assert.Null(payload.Check(ProTxVersion.BasicBls));
    }

    [Fact]
    public void A_changed_copy_has_its_own_txid()
    {
        var transaction = new Transaction(
            [new TxIn(OutPoint.Null, Script.Empty)], [new TxOut(Amount.OneDash, Script.Empty)]);
        var before = transaction.Txid;

        var later = transaction with { LockTime = 5 };

        Assert.NotEqual(before, later.Txid);
        Assert.Equal(before, (later with { LockTime = 0 }).Txid);
        Assert.Equal(transaction, later with { LockTime = 0 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("0100000001")]
    [InlineData("01000000ffffffffffffffffff")]
    [InlineData("010000000000000000000000")]
    public void Broken_bytes_are_refused(string hex) => Assert.False(Transaction.TryParse(Hex.Decode(hex), out _));

    [Fact]
    public void A_negative_version_hides_the_type()
    {
        // Version -1 and type 5 on the wire; written as Core does, the sign fills the upper bits.
        var transaction = Transaction.Parse(Hex.Decode("ffff0500" + "00" + "00" + "00000000"));

        Assert.Equal(-1, transaction.Version);
        Assert.Equal(5, (int)transaction.Type);
        Assert.Equal("ffffffff", Hex.Encode(transaction.ToBytes())[..8]);
    }
}
