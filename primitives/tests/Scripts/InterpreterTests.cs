using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Scripts;

/// <summary>One case for each rule, known without any file; the public vectors have a thousand more.</summary>
public sealed class InterpreterTests
{
    private static readonly byte[] Order =
        Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    [Theory]
    [InlineData("1", "1 EQUAL", "", ScriptError.Ok)]
    [InlineData("1", "2 EQUAL", "", ScriptError.EvalFalse)]
    [InlineData("", "", "", ScriptError.EvalFalse)]
    [InlineData("1", "RETURN", "", ScriptError.OpReturn)]
    [InlineData("1", "VER", "", ScriptError.BadOpcode)]
    [InlineData("1", "IF 1 ELSE 0 ENDIF", "", ScriptError.Ok)]
    [InlineData("1", "IF 1", "", ScriptError.UnbalancedConditional)]
    [InlineData("1", "0 IF INVERT ENDIF", "", ScriptError.DisabledOpcode)] // even where it is not reached
    [InlineData("1", "0 IF VERIF ELSE 1 ENDIF", "", ScriptError.BadOpcode)]
    [InlineData("", "DROP 1", "", ScriptError.InvalidStackOperation)]
    [InlineData("1", "FROMALTSTACK", "", ScriptError.InvalidAltstackOperation)]
    [InlineData("2147483647", "1ADD 2147483648 EQUAL", "", ScriptError.Ok)] // may grow past four bytes
    [InlineData("2147483648", "1ADD 1", "", ScriptError.UnknownError)] // but is no number then
    [InlineData("0x02 0x0100", "1ADD 2 EQUAL", "", ScriptError.Ok)]
    [InlineData("0x02 0x0100", "1ADD 2 EQUAL", "MINIMALDATA", ScriptError.UnknownError)]
    [InlineData("0x4c 0x01 0x51", "DROP 1", "MINIMALDATA", ScriptError.MinimalData)]
    [InlineData("0x01 0x05", "5 EQUAL", "MINIMALDATA", ScriptError.MinimalData)]
    [InlineData("1 1", "", "P2SH,CLEANSTACK", ScriptError.CleanStack)]
    [InlineData("NOP 1", "", "SIGPUSHONLY", ScriptError.SigPushOnly)]
    [InlineData("1", "NOP1", "", ScriptError.Ok)]
    [InlineData("1", "NOP1", "DISCOURAGE_UPGRADABLE_NOPS", ScriptError.DiscourageUpgradableNops)]
    [InlineData("1", "CODESEPARATOR", "CONST_SCRIPTCODE", ScriptError.OpCodeSeparator)]
    public void Plain_scripts_end_as_their_rule_says(string scriptSig, string scriptPubKey, string flags, ScriptError expected) =>
        Assert.Equal(expected, Run(CoreScriptText.ParseScript(scriptSig), CoreScriptText.ParseScript(scriptPubKey), CoreScriptText.ParseFlags(flags)));

    // DIP20.
    [Theory]
    [InlineData("'da' 'sh'", "CAT 'dash' EQUAL", ScriptError.Ok)]
    [InlineData("'dash' 2", "SPLIT 'sh' EQUALVERIFY 'da' EQUAL", ScriptError.Ok)]
    [InlineData("'dash' 5", "SPLIT", ScriptError.InvalidSplitRange)]
    [InlineData("'dash' -1", "SPLIT", ScriptError.InvalidSplitRange)]
    [InlineData("2 4", "NUM2BIN 0x04 0x02000000 EQUAL", ScriptError.Ok)]
    [InlineData("-2 4", "NUM2BIN 0x04 0x02000080 EQUAL", ScriptError.Ok)]
    [InlineData("256 1", "NUM2BIN", ScriptError.ImpossibleEncoding)]
    [InlineData("2 521", "NUM2BIN", ScriptError.PushSize)]
    [InlineData("0x04 0x02000080", "BIN2NUM -2 EQUAL", ScriptError.Ok)]
    [InlineData("0x05 0x0000000001", "BIN2NUM", ScriptError.InvalidNumberRange)]
    [InlineData("0x02 0x0ff0 0x02 0x3c3c", "AND 0x02 0x0c30 EQUAL", ScriptError.Ok)]
    [InlineData("0x02 0x0ff0 0x02 0x3c3c", "OR 0x02 0x3ffc EQUAL", ScriptError.Ok)]
    [InlineData("0x02 0x0ff0 0x02 0x3c3c", "XOR 0x02 0x33cc EQUAL", ScriptError.Ok)]
    [InlineData("0x02 0x0ff0 0x01 0x3c", "AND", ScriptError.InvalidOperandSize)]
    [InlineData("7 2", "DIV 3 EQUAL", ScriptError.Ok)]
    [InlineData("-7 2", "DIV -3 EQUAL", ScriptError.Ok)] // towards zero
    [InlineData("7 0", "DIV", ScriptError.DivByZero)]
    [InlineData("-7 2", "MOD -1 EQUAL", ScriptError.Ok)] // of the sign of what is divided
    [InlineData("7 0", "MOD", ScriptError.ModByZero)]
    public void The_opcodes_that_came_back_do_what_they_say(string scriptSig, string scriptPubKey, ScriptError expected) =>
        Assert.Equal(expected, Run(CoreScriptText.ParseScript(scriptSig), CoreScriptText.ParseScript(scriptPubKey), ScriptFlags.None));

    [Fact]
    public void Limits_are_kept_to_the_byte()
    {
        Assert.Equal(ScriptError.Ok, Run(Pushes(10_000), Parse("1"), ScriptFlags.None));
        Assert.Equal(ScriptError.ScriptSize, Run(Pushes(10_001), Parse("1"), ScriptFlags.None));
        Assert.Equal(ScriptError.Ok, Run(new ScriptBuilder().Push(new byte[520]).Build(), Parse("DROP 1"), ScriptFlags.None));
        Assert.Equal(ScriptError.PushSize, Run(new ScriptBuilder().Push(new byte[521]).Build(), Parse("DROP 1"), ScriptFlags.None));
        Assert.Equal(ScriptError.Ok, Run(Parse("1"), Repeat(Opcode.Nop, 201), ScriptFlags.None));
        Assert.Equal(ScriptError.OpCount, Run(Parse("1"), Repeat(Opcode.Nop, 202), ScriptFlags.None));
        Assert.Equal(ScriptError.Ok, Run(Repeat(Opcode.Op1, 1000), Parse(""), ScriptFlags.None));
        Assert.Equal(ScriptError.StackSize, Run(Repeat(Opcode.Op1, 1001), Parse(""), ScriptFlags.None));

        // Pushes of 75 bytes, which leave less than a thousand elements, and one-byte ones for the rest.
        static Script Pushes(int length)
        {
            var builder = new ScriptBuilder();
            for (; length >= 76; length -= 76)
            {
                builder.Push(new byte[75]);
            }

            for (; length > 0; length--)
            {
                builder.Op(Opcode.Op1);
            }

            return builder.Build();
        }
    }

    [Fact]
    public void A_script_behind_a_hash_is_only_run_where_the_rule_holds()
    {
        var redeem = Parse("2 EQUAL");
        var paid = ScriptTemplates.PayToScriptHash(redeem);
        var right = new ScriptBuilder().Number(2).Push(redeem.Span).Build();
        var wrong = new ScriptBuilder().Number(3).Push(redeem.Span).Build();

        Assert.Equal(ScriptError.Ok, Run(right, paid, ScriptFlags.P2sh));
        Assert.Equal(ScriptError.EvalFalse, Run(wrong, paid, ScriptFlags.P2sh));
        Assert.Equal(ScriptError.Ok, Run(wrong, paid, ScriptFlags.None));
        Assert.Equal(
            ScriptError.SigPushOnly, Run(new ScriptBuilder().Number(2).Op(Opcode.Nop).Push(redeem.Span).Build(), paid, ScriptFlags.P2sh));
    }

    [Fact]
    public void Signatures_have_one_form_where_the_rules_ask_for_it()
    {
        using var key = PrivateKey.Generate();
        var paid = ScriptTemplates.PayToPubKey(key.PublicKey.Bytes);
        byte[] signature = [.. key.Sign(HashFor(paid)), (byte)SigHashType.All];

        Assert.Equal(ScriptError.Ok, With(signature, ScriptFlags.Standard));
        Assert.Equal(ScriptError.Ok, With(HighS(signature), ScriptFlags.None));
        Assert.Equal(ScriptError.SigHighS, With(HighS(signature), ScriptFlags.LowS));
        Assert.Equal(ScriptError.SigHashtype, With([.. signature[..^1], 5], ScriptFlags.StrictEncoding));
        Assert.Equal(ScriptError.SigDer, With([.. signature[..^2], 0, signature[^2], signature[^1]], ScriptFlags.DerSignatures));
        Assert.Equal(ScriptError.EvalFalse, With([], ScriptFlags.Standard & ~ScriptFlags.CleanStack));

        byte[] other = [.. key.Sign(Uint256.Zero), (byte)SigHashType.All];
        Assert.Equal(ScriptError.EvalFalse, With(other, ScriptFlags.DerSignatures));
        Assert.Equal(ScriptError.SigNullFail, With(other, ScriptFlags.NullFail));

        ScriptError With(byte[] bytes, ScriptFlags flags) => Run(new ScriptBuilder().Push(bytes).Build(), paid, flags);
    }

    [Fact]
    public void Keys_are_of_a_known_kind_where_the_rules_ask_for_it()
    {
        using var key = PrivateKey.Generate();
        byte[] hybrid = [.. key.PublicKey.Bytes];
        hybrid[0] = 5;
        var paid = ScriptTemplates.PayToPubKey(hybrid);
        byte[] signature = [.. key.Sign(HashFor(paid)), (byte)SigHashType.All];
        var scriptSig = new ScriptBuilder().Push(signature).Build();

        Assert.Equal(ScriptError.EvalFalse, Run(scriptSig, paid, ScriptFlags.None));
        Assert.Equal(ScriptError.PubkeyType, Run(scriptSig, paid, ScriptFlags.StrictEncoding));
    }

    [Fact]
    public void The_element_too_many_of_a_multisig_is_empty_where_the_rules_ask_for_it()
    {
        using var one = PrivateKey.Generate();
        using var two = PrivateKey.Generate();
        var paid = ScriptTemplates.Multisig(2, [one.PublicKey.Bytes.ToArray(), two.PublicKey.Bytes.ToArray()]);
        byte[] first = [.. one.Sign(HashFor(paid)), (byte)SigHashType.All];
        byte[] second = [.. two.Sign(HashFor(paid)), (byte)SigHashType.All];

        Assert.Equal(ScriptError.Ok, With(0, first, second, ScriptFlags.Standard));
        Assert.Equal(ScriptError.EvalFalse, With(0, second, first, ScriptFlags.None)); // in the keys' order only
        Assert.Equal(ScriptError.Ok, With(1, first, second, ScriptFlags.None));
        Assert.Equal(ScriptError.SigNullDummy, With(1, first, second, ScriptFlags.NullDummy));
        Assert.Equal(
            ScriptError.PubkeyCount, Run(Parse("0"), new ScriptBuilder().Number(0).Number(21).Op(Opcode.CheckMultiSig).Build(), ScriptFlags.None));

        ScriptError With(int dummy, byte[] left, byte[] right, ScriptFlags flags) =>
            Run(new ScriptBuilder().Number(dummy).Push(left).Push(right).Build(), paid, flags);
    }

    [Fact]
    public void Data_is_signed_by_its_hash()
    {
        using var key = PrivateKey.Generate();
        var message = "what an oracle says"u8.ToArray();
        var signature = key.Sign(Hashes.Sha256(message));
        var check = new ScriptBuilder().Push(key.PublicKey.Bytes).Op(Opcode.CheckDataSig).Build();

        Assert.Equal(ScriptError.Ok, With(signature, message));
        Assert.Equal(ScriptError.EvalFalse, With(signature, [.. message, 0]));
        Assert.Equal(ScriptError.EvalFalse, With([], message));

        ScriptError With(byte[] signed, byte[] text) =>
            Run(new ScriptBuilder().Push(signed).Push(text).Build(), check, ScriptFlags.None);
    }

    // BIP65; lock time of the spending transaction 500,000,100.
    [Theory]
    [InlineData("500000100", 0, ScriptError.Ok)]
    [InlineData("500000101", 0, ScriptError.UnsatisfiedLocktime)]
    [InlineData("100", 0, ScriptError.UnsatisfiedLocktime)] // a height is not compared with a time
    [InlineData("-1", 0, ScriptError.NegativeLocktime)]
    [InlineData("500000100", uint.MaxValue, ScriptError.UnsatisfiedLocktime)] // a final input has no lock time
    public void A_coin_waits_for_its_time(string wanted, uint sequence, ScriptError expected)
    {
        var paid = Parse($"{wanted} CHECKLOCKTIMEVERIFY DROP 1");

        Assert.Equal(expected, RunAt(paid, sequence, ScriptFlags.CheckLockTimeVerify));
        Assert.Equal(ScriptError.Ok, RunAt(paid, sequence, ScriptFlags.None));
    }

    // BIP112.
    [Theory]
    [InlineData("10", 10, ScriptError.Ok)]
    [InlineData("11", 10, ScriptError.UnsatisfiedLocktime)]
    [InlineData("4194314", 4194314, ScriptError.Ok)] // bit 22: units of 512 seconds
    [InlineData("10", 4194314, ScriptError.UnsatisfiedLocktime)]
    [InlineData("2147483648", 10, ScriptError.Ok)] // bit 31: no lock
    [InlineData("10", 0x8000000a, ScriptError.UnsatisfiedLocktime)]
    [InlineData("-1", 10, ScriptError.NegativeLocktime)]
    public void A_coin_waits_for_its_age(string wanted, uint sequence, ScriptError expected)
    {
        var paid = Parse($"{wanted} CHECKSEQUENCEVERIFY DROP 1");

        Assert.Equal(expected, RunAt(paid, sequence, ScriptFlags.CheckSequenceVerify));
        Assert.Equal(ScriptError.Ok, RunAt(paid, sequence, ScriptFlags.None));
    }

    private static Script Parse(string text) => CoreScriptText.ParseScript(text);

    private static Script Repeat(Opcode op, int count)
    {
        var builder = new ScriptBuilder();
        for (var i = 0; i < count; i++)
        {
            builder.Op(op);
        }

        return builder.Build();
    }

    private static ScriptError Run(Script scriptSig, Script scriptPubKey, ScriptFlags flags)
    {
        Interpreter.Verify(scriptSig, scriptPubKey, flags, new TransactionChecker(Spend(0), 0), out var error);
        return error;
    }

    private static ScriptError RunAt(Script scriptPubKey, uint sequence, ScriptFlags flags)
    {
        Interpreter.Verify(Script.Empty, scriptPubKey, flags, new TransactionChecker(Spend(sequence), 0), out var error);
        return error;
    }

    private static Uint256 HashFor(Script scriptCode) => SignatureHash.Compute(Spend(0), 0, scriptCode, SigHashType.All);

    private static Transaction Spend(uint sequence) => new(
        2,
        TransactionType.Normal,
        [new TxIn(new OutPoint(Txid.Parse(new string('1', 64)), 0), Script.Empty, sequence)],
        [new TxOut(Amount.OneDash, Script.Empty)],
        500_000_100);

    // The same signature with the other s: r stays, s becomes the order less s.
    private static byte[] HighS(byte[] signature)
    {
        var sizeOfR = signature[3];
        var r = signature.AsSpan(4, sizeOfR).ToArray();
        var s = new System.Numerics.BigInteger(signature.AsSpan(6 + sizeOfR, signature[5 + sizeOfR]), isUnsigned: true, isBigEndian: true);
        var other = (new System.Numerics.BigInteger(Order, isUnsigned: true, isBigEndian: true) - s).ToByteArray(isBigEndian: true);
        return [0x30, (byte)(4 + r.Length + other.Length), 2, (byte)r.Length, .. r, 2, (byte)other.Length, .. other, signature[^1]];
    }
}
