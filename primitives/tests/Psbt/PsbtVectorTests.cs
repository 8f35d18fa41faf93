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
    // What dashd 23.1.2 replies to decodepsbt, behind "TX decode failed ".
    private static readonly string[] Errors =
    [
        "Invalid PSBT magic bytes: iostream error",
        "Size of value was not the stated size: iostream error",
        "Unsigned tx does not have empty scriptSigs.: iostream error",
        "No unsigned transaction was provided: iostream error",
        "Size of value was not the stated size: iostream error",
        "Size of value was not the stated size: iostream error",
        "Size of value was not the stated size: iostream error",
        "Global unsigned tx key is more than one byte type: iostream error",
        "Size of key was not the expected size for the type partial signature pubkey: iostream error",
        "Input redeemScript key is more than one byte type: iostream error",
        "Size of key was not the expected size for the type BIP32 keypath: iostream error",
        "Non-witness utxo key is more than one byte type: iostream error",
        "Final scriptSig key is more than one byte type: iostream error",
        "Size of key was not the expected size for the type BIP32 keypath: iostream error",
        "Sighash type key is more than one byte type: iostream error",
        "Output redeemScript key is more than one byte type: iostream error",
        "DataStream::read(): end of data: iostream error",
        "invalid base64",
        "Unsupported version number: iostream error",
        "Duplicate Key, key for unknown value already provided: iostream error",
        "Duplicate Key, output redeemScript already provided: iostream error",
        "Duplicate Key, key for unknown value already provided: iostream error",
        "Duplicate Key, input sighash type already provided: iostream error",
        "Duplicate Key, input redeemScript already provided: iostream error",
        "Duplicate Key, key for unknown value already provided: iostream error",
        "Duplicate Key, input final scriptSig already provided: iostream error",
        "Duplicate Key, key for unknown value already provided: iostream error",
    ];

    // What dashd 23.1.2 replies to analyzepsbt, shortened: next, fee, size, then each input.
    private static readonly Dictionary<string, string> Analyses = new()
    {
        ["valid 0"] = "updater (updater) (updater)",
        ["valid 1"] = "updater (updater utxo keys d0c59903c5bac2868760e90fd521a4665aa76520) (updater)",
        ["valid 4"] = "updater (extractor utxo final) (updater)",
        ["valid 6"] = "extractor fee -0.01000000 size 42",
        ["valid 7"] = "updater fee 0.00000301 (updater utxo keys 85cff1097fd9e008bb34af709c62197b38978a48)",
        ["valid 14"] = "updater fee 0.00000301 (updater utxo keys 85cff1097fd9e008bb34af709c62197b38978a48)",
        ["signer 0"] = "updater (signer utxo signatures b9147fd38b198ab90491adec86ad6b69f5a3ec44) (updater)",
        ["signer 2"] = "updater (updater) (updater)",
        ["signer 3"] = "updater (updater utxo script 0fb9463421696b82c833af241c78c17ddbde4934) (updater)",
        ["signer 5"] = "updater (signer utxo signatures 9c4942a9f2efe4fb66fb2021c8e1b5e03b257cba) (updater)",
        ["finalizer 0"] = "updater (finalizer utxo) (updater)",
    };

    [Fact]
    public void Invalid_ones_are_refused_with_the_reason_dashd_gives() => ForEach("invalid", 27, static (row, i) =>
    {
        Assert.False(PartiallySignedTransaction.TryParse(row.GetString()!, out _, out var error));
        Assert.Equal(Errors[i], error);
    });

    [Theory]
    [InlineData("valid", 15, "")]
    [InlineData("signer", 6, "result")]
    [InlineData("finalizer", 1, "finalize")]
    public void Analyses_say_what_dashd_says(string section, int count, string member) => ForEach(section, count, (row, i) =>
    {
        if (Analyses.TryGetValue($"{section} {i}", out var expected))
        {
            Assert.Equal(expected, Describe(PsbtAnalysis.Of(Parse(member.Length == 0 ? row : row.GetProperty(member)))));
        }
    });

    [Fact]
    public void Valid_ones_are_read_and_written_the_same() => ForEach("valid", 15, static (row, index) =>
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
    public void Creators_make_them_from_inputs_and_outputs() => ForEach("creator", 1, static (row, index) =>
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
    public void Signers_sign_what_they_have_keys_for() => ForEach("signer", 6, static (row, index) =>
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
    public void Combiners_join_what_several_know() => ForEach("combiner", 2, static (row, index) =>
    {
        var combined = PartiallySignedTransaction.Combine([.. row.GetProperty("combine").EnumerateArray().Select(static text => Parse(text))]);

        Assert.Equal(row.GetProperty("result").GetString(), combined?.ToBase64());
    });

    [Fact]
    public void Finalizers_put_signatures_together() => ForEach("finalizer", 1, static (row, index) =>
    {
        var psbt = Parse(row.GetProperty("finalize"));

        PsbtSigner.Finish(psbt);

        Assert.Equal(row.GetProperty("result").GetString(), psbt.ToBase64());
    });

    [Fact]
    public void Extractors_take_the_transaction_out() => ForEach("extractor", 1, static (row, index) =>
    {
        Assert.True(PsbtSigner.TryExtract(Parse(row.GetProperty("extract")), out var transaction));

        Assert.Equal(row.GetProperty("result").GetString(), Hex.Encode(transaction.ToBytes()));
    });

    private static string Describe(PsbtAnalysis analysis)
    {
        var parts = new List<string> { analysis.Next.Name() };
        if (analysis.Fee is { } fee)
        {
            parts.Add($"fee {fee}");
        }

        if (analysis.EstimatedSize is { } size)
        {
            parts.Add($"size {size}");
        }

        foreach (var input in analysis.Inputs)
        {
            var words = new List<string> { input.Next.Name() };
            words.AddRange(input.HasSpent ? ["utxo"] : []);
            words.AddRange(input.IsFinal ? ["final"] : []);
            words.AddRange(input.MissingKeys.Select(static id => $"keys {id}"));
            words.AddRange(input.MissingSignatures.Select(static id => $"signatures {id}"));
            words.AddRange(input.MissingRedeemScript is { } script ? [$"script {script}"] : []);
            parts.Add($"({string.Join(' ', words)})");
        }

        return string.Join(' ', parts);
    }

    private static PartiallySignedTransaction Parse(JsonElement text)
    {
        Assert.True(PartiallySignedTransaction.TryParse(text.GetString()!, out var psbt, out var error), error);
        return psbt;
    }

    private static void ForEach(string section, int count, Action<JsonElement, int> check)
    {
        using var json = JsonDocument.Parse(SharedVectors.Read("rpc_psbt.json"));
        var failures = new List<string>();
        var rows = json.RootElement.GetProperty(section).EnumerateArray().ToImmutableArray();
        Assert.Equal(count, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            try
            {
                check(rows[i], i);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{section} {i}: {e.Message}"));
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
