using System.Text.Json;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Tests.Transactions;

public sealed class SignatureHashTests
{
    [Fact]
    public void Every_row_of_the_vectors_hashes_as_it_says()
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read("sighash.json"));
        var count = 0;
        foreach (var row in VectorRows.OfLength(rows, "sighash.json", 5))
        {
            count++;
            var transaction = Transaction.Parse(Hex.Decode(row[0].GetString()!));
            var hash = SignatureHash.Compute(
                transaction, row[2].GetInt32(), Script.FromHex(row[1].GetString()!), (SigHashType)row[3].GetInt32());
            Assert.Equal(row[4].GetString(), hash.ToString());
        }

        Assert.True(count >= 500);
    }

    [Fact]
    public void A_single_without_its_output_signs_the_number_one()
    {
        var input = new TxIn(new OutPoint(Txid.Parse(new string('1', 64)), 0), Script.Empty);
        var transaction = new Transaction([input, input], [new TxOut(default, Script.Empty)]);

        var hash = SignatureHash.Compute(transaction, 1, Script.Empty, SigHashType.Single);

        Assert.Equal(Uint256.Parse(new string('0', 63) + "1"), hash);
    }
}
