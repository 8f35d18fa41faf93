using System.Text.Json;
using Dash.Primitives.Encoding;
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
