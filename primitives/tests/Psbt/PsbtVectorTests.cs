using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Psbt;

/// <summary>Every row of Core's rpc_psbt.json.</summary>
public sealed class PsbtVectorTests
{
    [Fact]
    public void Invalid_ones_are_refused_with_a_reason() => ForEach("invalid", 27, static row =>
    {
        Assert.False(PartiallySignedTransaction.TryParse(row.GetString()!, out _, out var error));
        Assert.NotEmpty(error);
    });

    [Fact]
    public void Valid_ones_are_read_and_written_the_same() => ForEach("valid", 15, static row =>
    {
        var psbt = Parse(row);

        // Entries come back in Core's order, which may not be theirs: then a second pass changes nothing more.
        var written = psbt.ToBase64();
        Assert.True(PartiallySignedTransaction.TryParse(written, out var again, out var error), error);
        Assert.Equal(written, again.ToBase64());
        Assert.Equal(written, psbt.Clone().ToBase64());
        Assert.Equal(row.GetString()!.Length, written.Length);
    });

    [Fact]
    public void Creators_make_them_from_inputs_and_outputs() => ForEach("creator", 1, static row =>
    {
        var inputs = row.GetProperty("inputs").EnumerateArray().Select(static input => new TxIn(
            new OutPoint(Txid.Parse(input.GetProperty("txid").GetString()!), input.GetProperty("vout").GetUInt32()),
            Script.Empty,
            TxIn.FinalSequence));
        var outputs = row.GetProperty("outputs").EnumerateArray()
            .SelectMany(static output => output.EnumerateObject())
            .Select(static output =>
            {
                Assert.True(AddressCodec.TryDecode(output.Name, ChainParams.Test.Prefixes, out var payee, out _));
                Assert.True(Amount.TryParse(output.Value.GetRawText(), out var amount));
                return new TxOut(amount, payee.ToScript());
            });

        var psbt = new PartiallySignedTransaction(new Transaction([.. inputs], [.. outputs]));

        Assert.Equal(row.GetProperty("result").GetString(), psbt.ToBase64());
    });

    [Fact]
    public void Signers_sign_what_they_have_keys_for() => ForEach("signer", 6, static row =>
    {
        var psbt = Parse(row.GetProperty("psbt"));
        var keys = row.GetProperty("privkeys").EnumerateArray().Select(static text =>
        {
            Assert.True(Wif.TryDecode(text.GetString()!, ChainParams.Test.Prefixes.Wif, out var key));
            return key;
        });
        var source = new KeySource([.. keys]);

        for (var i = 0; i < psbt.Inputs.Count; i++)
        {
            PsbtSigner.SignInput(psbt, i, source, SigHashType.All, finalize: true, out _);
        }

        Assert.Equal(row.GetProperty("result").GetString(), psbt.ToBase64());
    });

    [Fact]
    public void Combiners_join_what_several_know() => ForEach("combiner", 2, static row =>
    {
        var combined = PartiallySignedTransaction.Combine([.. row.GetProperty("combine").EnumerateArray().Select(Parse)]);

        Assert.Equal(row.GetProperty("result").GetString(), combined?.ToBase64());
    });

    [Fact]
    public void Finalizers_put_signatures_together() => ForEach("finalizer", 1, static row =>
    {
        var psbt = Parse(row.GetProperty("finalize"));

        PsbtSigner.Finish(psbt);

        Assert.Equal(row.GetProperty("result").GetString(), psbt.ToBase64());
    });

    [Fact]
    public void Extractors_take_the_transaction_out() => ForEach("extractor", 1, static row =>
    {
        Assert.True(PsbtSigner.TryExtract(Parse(row.GetProperty("extract")), out var transaction));

        Assert.Equal(row.GetProperty("result").GetString(), Hex.Encode(transaction.ToBytes()));
    });

    private static PartiallySignedTransaction Parse(JsonElement text)
    {
        Assert.True(PartiallySignedTransaction.TryParse(text.GetString()!, out var psbt, out var error), error);
        return psbt;
    }

    private static void ForEach(string section, int count, Action<JsonElement> check)
    {
        using var json = JsonDocument.Parse(SharedVectors.Read("rpc_psbt.json"));
        var failures = new List<string>();
        var rows = json.RootElement.GetProperty(section).EnumerateArray().ToImmutableArray();
        Assert.Equal(count, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            try
            {
                check(rows[i]);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{section} {i}: {e.Message}"));
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
