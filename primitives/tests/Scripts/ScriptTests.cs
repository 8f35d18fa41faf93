using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Tests.Scripts;

public sealed class ScriptTests
{
    private static readonly byte[] Key = [2, .. Enumerable.Repeat((byte)0x11, 32)];

    [Fact]
    public void Solves_what_it_builds()
    {
        var hash = new Hash160(Enumerable.Range(0, 20).Select(i => (byte)i).ToArray());

        Assert.Equal(ScriptKind.PubKey, ScriptTemplates.Solve(ScriptTemplates.PayToPubKey(Key)).Kind);
        Assert.Equal(hash.ToArray(), ScriptTemplates.Solve(ScriptTemplates.PayToPubKeyHash(hash)).Data[0].ToArray());
        Assert.Equal(hash.ToArray(), ScriptTemplates.Solve(ScriptTemplates.PayToScriptHash(hash)).Data[0].ToArray());
        Assert.Equal(ScriptKind.NullData, ScriptTemplates.Solve(ScriptTemplates.NullData([1, 2, 3])).Kind);
        Assert.Equal(ScriptKind.NonStandard, ScriptTemplates.Solve(Script.Empty).Kind);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(17, 20)]
    public void Solves_a_multisig(int required, int count)
    {
        var keys = Enumerable.Repeat((ReadOnlyMemory<byte>)Key, count).ToArray();

        var solution = ScriptTemplates.Solve(ScriptTemplates.Multisig(required, keys));

        Assert.Equal(ScriptKind.Multisig, solution.Kind);
        Assert.Equal(required, solution.Required);
        Assert.Equal(count, solution.Data.Length);
        Assert.Equal(Key, solution.Data[^1].ToArray());
    }

    [Theory]
    [InlineData("76a914000102030405060708090a0b0c0d0e0f1011121388ac", "OP_DUP OP_HASH160 000102030405060708090a0b0c0d0e0f10111213 OP_EQUALVERIFY OP_CHECKSIG")]
    [InlineData("6a0461626364", "OP_RETURN 1684234849")]
    [InlineData("005160", "0 1 16")]
    [InlineData("4f02ff8151", "-1 -511 1")]
    [InlineData("0502", "[error]")]
    [InlineData("5102", "1 [error]")]
    [InlineData("babbfe", "OP_CHECKDATASIG OP_CHECKDATASIGVERIFY OP_UNKNOWN")]
    public void Writes_assembly_as_Core_does(string hex, string expected) =>
        Assert.Equal(expected, ScriptAssembly.ToAsm(Script.FromHex(hex)));

    [Fact]
    public void Shows_the_hash_type_of_a_signature()
    {
        var signature = "304402200000000000000000000000000000000000000000000000000000000000000001"
            + "02200000000000000000000000000000000000000000000000000000000000000001";

        // The leading zeros are not minimal, so this is no signature.
        var script = new ScriptBuilder().Push(Hex.Decode(signature + "01")).Build();
        Assert.Equal(signature + "01", ScriptAssembly.ToAsm(script, sighashDecode: true));

        signature = "30060201010201" + "01";
        script = new ScriptBuilder().Push(Hex.Decode(signature + "81")).Build();
        Assert.Equal(signature + "[ALL|ANYONECANPAY]", ScriptAssembly.ToAsm(script, sighashDecode: true));
        Assert.Equal(signature + "81", ScriptAssembly.ToAsm(script));
    }

    [Fact]
    public void Counts_signature_checks()
    {
        var multisig = ScriptTemplates.Multisig(1, [Key, Key]);
        var spend = new ScriptBuilder().Number(0).Push(multisig.Span).Build();

        Assert.Equal(20, SigOpCount.Of(multisig, accurate: false));
        Assert.Equal(2, SigOpCount.Of(multisig, accurate: true));
        Assert.Equal(2, SigOpCount.OfSpend(ScriptTemplates.PayToScriptHash(multisig), spend));
        Assert.Equal(1, SigOpCount.OfSpend(ScriptTemplates.PayToPubKey(Key), spend));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "01")]
    [InlineData(-1, "81")]
    [InlineData(127, "7f")]
    [InlineData(128, "8000")]
    [InlineData(-255, "ff80")]
    [InlineData(0x7fffffff, "ffffff7f")]
    [InlineData(-549755813887, "ffffffffff")]
    public void Numbers_have_their_shortest_form(long value, string hex)
    {
        Assert.Equal(hex, Hex.Encode(ScriptNumber.Encode(value)));
        Assert.True(ScriptNumber.TryDecode(Hex.Decode(hex), requireMinimal: true, 8, out var back));
        Assert.Equal(value, back);
    }

    [Theory]
    [InlineData("0000", "")]
    [InlineData("80", "")]
    [InlineData("0100", "01")]
    [InlineData("010080", "81")]
    [InlineData("800000", "8000")]
    [InlineData("800080", "8080")]
    public void Numbers_are_minimized(string hex, string expected) =>
        Assert.Equal(expected, Hex.Encode(ScriptNumber.Minimize(Hex.Decode(hex))));
}
