using Dash.Primitives.Blocks;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Robustness;

/// <summary>The messages of compact blocks, keys that look random, and what is inferred from scripts.</summary>
internal static class LateParsers
{
    public static IEnumerable<Parser> All() => [.. CompactBlocks(), .. Inferences()];

    private static IEnumerable<Parser> CompactBlocks()
    {
        var values = new RandomValues(7);
        var genesis = ChainParams.Regtest.Genesis;
        Block block = new(genesis.Header, [genesis.Transactions[0], .. Enumerable.Range(0, 5).Select(_ => values.Transaction())]);
        yield return Message("compactblock", CompactBlock.Of(block, nonce: 5).ToBytes(), static input =>
        {
            var read = CompactBlock.Parse(input);
            _ = read.IsValid;
            return read.Prefilled.Any(static each => each.Transaction.Version < 0) ? null : read.ToBytes();
        });
        yield return Message(
            "blocktransactions",
            new BlockTransactions(block.Hash, block.Transactions).ToBytes(),
            static input => BlockTransactions.Parse(input) is var read && read.Transactions.Any(static each => each.Version < 0) ? null : read.ToBytes());
        yield return Message(
            "blocktransactionsrequest",
            new BlockTransactionsRequest(block.Hash, [0, 1, 5, 300]).ToBytes(),
            static input => BlockTransactionsRequest.Parse(input).ToBytes());
    }

    private static IEnumerable<Parser> Inferences()
    {
        var values = new RandomValues(8);
        var prefixes = ChainParams.Main.Prefixes;
        byte[][] scripts = [.. Enumerable.Range(0, 100).Select(_ => values.Script().ToArray())];

        // Whatever is inferred is a descriptor of that very script, unless it names a key that is no point.
        yield return new Parser("inference", scripts, input =>
        {
            Script script = new(input);
            var text = DescriptorInference.Of(script, prefixes).ToString();
            using DescriptorKeys keys = new();
            if (!Descriptor.TryParse(text, prefixes, requireChecksum: true, keys, out var read, out _))
            {
                return false;
            }

            return read.TryExpand(0, null, out var expansion) && expansion.Scripts.Contains(script) ? true
                : throw new InvalidOperationException($"{text} is of another script");
        });
        yield return new Parser("partialsignatures", scripts, input =>
        {
            Transaction spend = new([new TxIn(default, new Script(input))], []);
            using var key = PrivateKey.FromBytes([.. new byte[31], 3]);
            _ = PartialSignatures.Read(spend, 0, new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id)));
            _ = PartialSignatures.Read(spend, 0, new TxOut(Amount.OneDash, ScriptTemplates.PayToScriptHash(new Script(input))));
            return true;
        });
        yield return new Parser("ellswift", [values.Bytes(EllSwift.Size)], static input =>
            input.Length >= EllSwift.Size && EllSwift.Decode(input).Length == 32);
        yield return new Parser("base64", ["cHNidP8BAA=="u8.ToArray()], static input =>
        {
            var text = System.Text.Encoding.Latin1.GetString(input);
            return Base64Text.TryDecode(text, out var bytes)
                && (Base64Text.Encode(bytes) == text ? true : throw new InvalidOperationException("written otherwise"));
        });
    }

    // What is taken is written as it was read; what is not is refused in the one documented way. Null for what has a
    // negative version, which is written with its sign over the type.
    private static Parser Message(string name, byte[] seed, Func<byte[], byte[]?> readAndWrite) => new(name, [seed], input =>
    {
        try
        {
            var written = readAndWrite(input);
            return written is null || written.AsSpan().SequenceEqual(input) ? true : throw new InvalidOperationException("written otherwise");
        }
        catch (EncodingException)
        {
            return false;
        }
    });
}
