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

    // The shortest of the vectors.
    [Theory]
    [InlineData(
        "0100000001734fa00c51687f0907206141ac9830e5d54f3c293c4d4dce9fc2b9a0c8410de30100000000ffffffff015eb2c703000000000552ab63656a00000000",
        "", 0, -1355309770, "107a4737e8ec5eea9e005f4cb7234ccefcfc3521b057954414d6232e69ce7d77")]
    [InlineData(
        "01000000014f72f26ba9a8172203ccf72c890c674e9975ae0f64a9b246720ae6cd124df5220300000001652e29a42b014e574600000000000465ac5151ab305ce4",
        "ac", 0, -1235233301, "7f96c998a6f57c4ffc5224fdb30f865a77fd60b113c4ede6db79efd83caa9343")]
    [InlineData(
        "02000000012fe7b04505704639123bd6e907145b70492e9cedeca347529bd387184425d923020000000165ffffffff011fa13205000000000352516354b1a156",
        "ac00", 0, -2007215775, "06ba0103f19d64a80e808ee321c20ddf022a805a9dcfd64a6413061321743953")]
    public void Known_transactions_have_their_hash(string transaction, string scriptCode, int input, int type, string expected) => Assert.Equal(
        expected,
        SignatureHash.Compute(Transaction.Parse(Hex.Decode(transaction)), input, Script.FromHex(scriptCode), (SigHashType)type).ToString());

    [Fact]
    public void A_single_without_its_output_signs_the_number_one()
    {
        var input = new TxIn(new OutPoint(Txid.Parse(new string('1', 64)), 0), Script.Empty);
        var transaction = new Transaction([input, input], [new TxOut(default, Script.Empty)]);

        var hash = SignatureHash.Compute(transaction, 1, Script.Empty, SigHashType.Single);

        Assert.Equal(Uint256.Parse(new string('0', 63) + "1"), hash);
    }
}
