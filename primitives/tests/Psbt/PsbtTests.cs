using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Psbt;

public sealed class PsbtTests
{
    private static readonly PrivateKey[] Keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.FromBytes([.. new byte[31], (byte)i]))];

    private static readonly Script Redeem =
        ScriptTemplates.Multisig(2, Keys.Take(3).Select(key => (ReadOnlyMemory<byte>)key.PublicKey.ToArray()));

    private static readonly Script Shared = ScriptTemplates.PayToScriptHash(Redeem);

    private static readonly Script Single = ScriptTemplates.PayToPubKeyHash(Keys[3].PublicKey.Id);

    [Fact]
    public void Two_of_three_sign_one_after_the_other()
    {
        var psbt = Spending(Shared);
        var first = new KeySource([Keys[2]], Redeem);
        var second = new KeySource([Keys[0]], Redeem);

        Assert.False(Sign(psbt, first));
        Assert.Single(psbt.Inputs[0].PartialSignatures);
        Assert.Equal(Redeem, psbt.Inputs[0].RedeemScript);
        Assert.False(PsbtSigner.TryExtract(psbt, out _));
        Assert.True(Sign(psbt, second));

        Assert.True(psbt.Inputs[0].IsSigned);
        Assert.Empty(psbt.Inputs[0].PartialSignatures);
        Assert.True(psbt.Inputs[0].RedeemScript.IsEmpty);
        AssertSpends(psbt, Shared);
    }

    // As Core fills the places of signatures that are missing; seen in its signrawtransactionwithwallet.
    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 0, 2)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 1)]
    public void Half_of_the_missing_signatures_has_a_place(int required, int signers, int empty)
    {
        var redeem = ScriptTemplates.Multisig(required, Keys.Take(3).Select(key => (ReadOnlyMemory<byte>)key.PublicKey.ToArray()));
        var spent = Spending(ScriptTemplates.PayToScriptHash(redeem));
        SigningProgress progress = new();

        Assert.False(InputSigner.Sign(
            new KeySource(Keys.Take(signers), redeem),
            new TransactionSignatureMaker(spent.Transaction, 0, SigHashType.All),
            ScriptTemplates.PayToScriptHash(redeem),
            progress));

        List<int> pushes = [];
        for (var ops = progress.ScriptSig.Ops(); ops.TryRead(out _, out var data);)
        {
            pushes.Add(data.Length);
        }

        Assert.Equal(1 + signers + empty + 1, pushes.Count);
        Assert.Equal(1 + empty, pushes.Count(static length => length == 0));
        Assert.Equal(redeem.Length, pushes[^1]);
    }

    [Fact]
    public void Two_of_three_sign_apart_and_are_combined()
    {
        var alice = Spending(Shared);
        var bob = alice.Clone();
        Assert.False(Sign(alice, new KeySource([Keys[0]], Redeem) { TellsOrigins = true }));
        Assert.False(Sign(bob, new KeySource([Keys[1]], Redeem)));
        Assert.Empty(Spending(Shared).Inputs[0].PartialSignatures);

        var combined = PartiallySignedTransaction.Combine([alice, bob]);

        Assert.NotNull(combined);
        Assert.Equal(2, combined.Inputs[0].PartialSignatures.Count);
        Assert.Single(combined.Inputs[0].KeyPaths);
        Assert.Equal(combined.ToBase64(), PartiallySignedTransaction.Combine([bob, alice])!.ToBase64());
        AssertSpends(combined, Shared);
        Assert.Null(PartiallySignedTransaction.Combine([alice, Spending(Single)]));
    }

    [Fact]
    public void A_signer_that_does_not_finish_leaves_its_signature()
    {
        var psbt = Spending(Single);

        Assert.True(PsbtSigner.SignInput(psbt, 0, new KeySource([Keys[3]]), SigHashType.All, finalize: false, out _));

        Assert.False(psbt.Inputs[0].IsSigned);
        Assert.Single(psbt.Inputs[0].PartialSignatures);
        Assert.Equal(1, psbt.UnsignedInputCount);
        AssertSpends(psbt, Single);
    }

    [Fact]
    public void Nothing_is_signed_for_an_output_that_is_not_known()
    {
        var unknown = new PartiallySignedTransaction(Spending(Single).Transaction);
        Assert.False(Sign(unknown, new KeySource([Keys[3]])));

        var wrong = Spending(Single);
        wrong.Inputs[0].PreviousTransaction = wrong.Inputs[0].PreviousTransaction! with { LockTime = 9 };
        Assert.False(Sign(wrong, new KeySource([Keys[3]])));
        Assert.Empty(wrong.Inputs[0].PartialSignatures);
    }

    [Fact]
    public void An_updater_without_secrets_tells_keys_and_scripts()
    {
        var psbt = Spending(Shared, change: Shared);
        var source = new KeySource(Keys, Redeem) { TellsOrigins = true, HidesSecrets = true };

        Assert.False(Sign(psbt, source));
        PsbtSigner.UpdateOutput(psbt, 0, source);

        Assert.Equal(3, psbt.Inputs[0].KeyPaths.Count);
        Assert.Equal(Redeem, psbt.Inputs[0].RedeemScript);
        Assert.Equal(3, psbt.Outputs[0].KeyPaths.Count);
        Assert.Equal(Redeem, psbt.Outputs[0].RedeemScript);
        Assert.True(PartiallySignedTransaction.TryParse(psbt.ToBytes(), out var again, out _));
        Assert.Equal(psbt.ToBase64(), again.ToBase64());
        Assert.Equal("m/1/2'", again.Inputs[0].KeyPaths.Values.First().PathText);
    }

    [Fact]
    public void An_analysis_names_the_next_role_and_what_is_missing()
    {
        var psbt = new PartiallySignedTransaction(Spending(Single).Transaction);
        var analysis = PsbtAnalysis.Of(psbt);
        Assert.Equal(("updater", false), (analysis.Next.Name(), analysis.Inputs[0].HasSpent));
        Assert.Null(analysis.Fee);

        psbt = Spending(Single);
        analysis = PsbtAnalysis.Of(psbt);
        Assert.Equal(PsbtRole.Updater, analysis.Next);
        Assert.Equal([Keys[3].PublicKey.Id], analysis.Inputs[0].MissingKeys);
        Assert.Equal(new Amount(10_000), analysis.Fee);
        Assert.Null(analysis.EstimatedSize);

        Assert.False(Sign(psbt, new KeySource([Keys[3]]) { TellsOrigins = true, HidesSecrets = true }));
        analysis = PsbtAnalysis.Of(psbt);
        Assert.Equal(PsbtRole.Signer, analysis.Next);
        Assert.Equal([Keys[3].PublicKey.Id], analysis.Inputs[0].MissingSignatures);

        // 10 of the frame, an input of 41 with 71 + 33 bytes pushed, an output of 34.
        Assert.Equal(191, analysis.EstimatedSize);
        Assert.Equal(FeeRate.Of(new Amount(10_000), 191), analysis.EstimatedFeeRate);

        PsbtSigner.SignInput(psbt, 0, new KeySource([Keys[3]]), SigHashType.All, finalize: false, out _);
        Assert.Equal(PsbtRole.Finalizer, PsbtAnalysis.Of(psbt).Next);
        Assert.True(PsbtSigner.Finish(psbt));
        analysis = PsbtAnalysis.Of(psbt);
        Assert.Equal(PsbtRole.Extractor, analysis.Next);
        Assert.True(analysis.Inputs[0].IsFinal);
    }

    [Fact]
    public void An_analysis_tells_what_can_never_be_valid()
    {
        var shared = PsbtAnalysis.Of(Spending(Shared));
        Assert.Equal(Hashes.Hash160(Redeem.Span), shared.Inputs[0].MissingRedeemScript);
        Assert.Equal(
            "PSBT is not valid. Input 0 spends unspendable output",
            PsbtAnalysis.Of(Spending(ScriptTemplates.NullData([1]))).Error);
        Assert.Equal(
            "PSBT is not valid. Input 0 has invalid value",
            PsbtAnalysis.Of(Spending(Single, new Amount(Amount.MaxMoney.Duffs + 1))).Error);

        var previous = Spending(Single).Inputs[0].PreviousTransaction!;
        var outside = new PartiallySignedTransaction(new Transaction(
            [new TxIn(new OutPoint(previous.Txid, 5), Script.Empty, 0)], [new TxOut(Amount.OneDash, Single)]));
        outside.Inputs[0].PreviousTransaction = previous;
        Assert.Equal("PSBT is not valid. Input 0 specifies invalid prevout", PsbtAnalysis.Of(outside).Error);
    }

    [Fact]
    public void Inputs_and_outputs_can_be_joined()
    {
        var psbt = Spending(Single);
        var other = Spending(Shared);
        Assert.True(Sign(other, new KeySource(Keys, Redeem)));

        Assert.True(psbt.TryAddInput(other.Transaction.Inputs[0], other.Inputs[0]));
        psbt.AddOutput(other.Transaction.Outputs[0], other.Outputs[0]);

        Assert.False(psbt.TryAddInput(other.Transaction.Inputs[0], other.Inputs[0]));
        Assert.Equal((2, 2), (psbt.Inputs.Count, psbt.Outputs.Count));
        Assert.False(psbt.Inputs[1].IsSigned);
        Assert.True(PartiallySignedTransaction.TryParse(psbt.ToBytes(), out _, out var error), error);
    }

    [Fact]
    public void What_is_larger_than_any_is_not_looked_at()
    {
        var bytes = new byte[PartiallySignedTransaction.MaxSize + 1];
        Assert.False(PartiallySignedTransaction.TryParse(bytes, out _, out var error));
        Assert.Equal("PSBT is larger than 100 MB", error);
        Assert.False(PartiallySignedTransaction.TryParse(bytes.AsSpan(1), out _, out error));
        Assert.Equal("Invalid PSBT magic bytes: iostream error", error);
        Assert.False(PartiallySignedTransaction.TryParse(new string('A', 133_333_340), out _, out error));
        Assert.Equal("PSBT is larger than 100 MB", error);
    }

    [Theory]
    [InlineData("", "DataStream::read(): end of data: iostream error")]
    [InlineData("AAAA", "DataStream::read(): end of data: iostream error")]
    [InlineData("AAAAAAAA", "Invalid PSBT magic bytes: iostream error")]
    [InlineData("cHNidP8A", "No unsigned transaction was provided: iostream error")]
    [InlineData("cHNidP8=", "Separator is missing at the end of the global map: iostream error")]
    [InlineData("cHNi dP8=", "invalid base64")]
    [InlineData("cHNidP9=", "invalid base64")]
    [InlineData("cHNidP8", "invalid base64")]
    public void Each_failure_has_its_text(string base64, string expected)
    {
        Assert.False(PartiallySignedTransaction.TryParse(base64, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void What_follows_the_end_is_told()
    {
        Assert.False(PartiallySignedTransaction.TryParse([.. Spending(Single).ToBytes(), 0], out _, out var error));
        Assert.Equal("extra data after PSBT", error);
    }

    [Fact]
    public void A_signed_transaction_is_stripped_first()
    {
        var psbt = Spending(Single);
        Assert.True(Sign(psbt, new KeySource([Keys[3]])));
        Assert.True(PsbtSigner.TryExtract(psbt, out var signed));

        Assert.Throws<ArgumentException>(() => new PartiallySignedTransaction(signed));
        Assert.Equal(psbt.Transaction.Txid, PartiallySignedTransaction.Strip(signed).Txid);
    }

    [Fact]
    public void Signatures_are_taken_out_of_a_half_signed_script()
    {
        var psbt = Spending(Shared);
        var previous = psbt.Inputs[0].PreviousTransaction!.Outputs[0];
        var unsigned = psbt.Transaction;
        var progress = new SigningProgress();
        Assert.False(InputSigner.Sign(
            new KeySource([Keys[1]], Redeem), new TransactionSignatureMaker(unsigned, 0, SigHashType.All), Shared, progress));
        var half = unsigned with { Inputs = [unsigned.Inputs[0] with { ScriptSig = progress.ScriptSig }] };

        var read = PartialSignatures.Read(half, 0, previous);

        Assert.False(read.IsComplete);
        Assert.Equal([Keys[1].PublicKey.Id], read.Signatures.Keys);
        Assert.True(InputSigner.Sign(
            new KeySource([Keys[2]]), new TransactionSignatureMaker(unsigned, 0, SigHashType.All), Shared, read));
        var whole = unsigned with { Inputs = [unsigned.Inputs[0] with { ScriptSig = read.ScriptSig }] };
        Assert.True(PartialSignatures.Read(whole, 0, previous).IsComplete);
    }

    [Fact]
    public void Mutated_ones_are_read_or_refused_and_never_throw()
    {
        var random = new Random(174);
        var psbt = Spending(Shared, change: Shared);
        var source = new KeySource(Keys.Take(1), Redeem) { TellsOrigins = true };
        Assert.False(Sign(psbt, source));
        PsbtSigner.UpdateOutput(psbt, 0, source);
        psbt.Unknown.Add([0x0f, 1], [1, 2]);
        psbt.Proprietary.Add([0xfc, 1, 7, 1], [3]);
        psbt.Inputs[0].PreimagesOf(PsbtPreimage.Sha256).Add(new byte[32], [1]);
        using var master = ExtendedPrivateKey.FromSeed(new byte[16]);
        var xpub = new byte[ExtendedPublicKey.Size];
        master.ToPublic().CopyTo(xpub);
        psbt.Xpubs.Add(new PsbtXpub((byte[])[4, 0x35, 0x87, 0xcf, .. xpub], new KeyOrigin(1, [2])));
        var good = psbt.ToBytes();
        Assert.True(PartiallySignedTransaction.TryParse(good, out var again, out var error), error);
        Assert.Equal(good, again.ToBytes());

        for (var i = 0; i < 4000; i++)
        {
            byte[] bytes = [.. good];
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var candidate = i % 4 == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            if (PartiallySignedTransaction.TryParse(candidate, out var read, out error))
            {
                Assert.True(PartiallySignedTransaction.TryParse(read.ToBytes(), out _, out error), error);
                _ = PsbtAnalysis.Of(read);
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }
    }

    private static bool Sign(PartiallySignedTransaction psbt, KeySource source) =>
        PsbtSigner.SignInput(psbt, 0, source, SigHashType.All, finalize: true, out _);

    private static void AssertSpends(PartiallySignedTransaction psbt, Script script)
    {
        Assert.True(PsbtSigner.TryExtract(psbt, out var transaction));
        Assert.True(Interpreter.Verify(
            transaction.Inputs[0].ScriptSig, script, ScriptFlags.Standard, new TransactionChecker(transaction, 0), out var error), error.ToString());
    }

    private static PartiallySignedTransaction Spending(Script script, Amount? value = null, Script? change = null)
    {
        var coin = value ?? Amount.OneDash;
        var previous = new Transaction(
            [new TxIn(new OutPoint(new Txid(Hashes.Sha256("coin"u8)), 0), Script.Empty, 0)], [new TxOut(coin, script)]);
        var unsigned = new Transaction(
            [new TxIn(new OutPoint(previous.Txid, 0), Script.Empty, TxIn.FinalSequence)],
            [new TxOut(Amount.OneDash - new Amount(10_000), change ?? Single)]);
        var psbt = new PartiallySignedTransaction(unsigned);
        psbt.Inputs[0].PreviousTransaction = previous;
        return psbt;
    }
}
