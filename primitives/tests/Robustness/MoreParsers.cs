using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Robustness;

/// <summary>The rules of payloads, and the parsers of bloom filters, proofs, compressed headers, PSBTs and signed texts.</summary>
internal static class MoreParsers
{
    public static IEnumerable<Parser> All() => [.. Rules(), .. Others()];

    private static IEnumerable<Parser> Rules()
    {
        var rules = new NetInfoRules(true, 9999, true, 9999);
        yield return new Parser("proregtx-rules", PayloadSeeds.Registrations, input =>
            ProRegTx.TryParse(input, out var read)
            && read.Check(ProTxVersion.ExtendedAddresses) is null
            && ProTxRules.CheckService(read.NetInfo, rules) is null);
        yield return new Parser("proupservtx-rules", PayloadSeeds.ServiceUpdates, input =>
            ProUpServTx.TryParse(input, out var read)
            && read.Check(ProTxVersion.ExtendedAddresses) is null
            && ProTxRules.CheckService(read.NetInfo, rules) is null);
    }

    private static IEnumerable<Parser> Others()
    {
        var rules = new NetInfoRules(true, 9999, true, 9999);
        byte[][] addresses =
        [
            .. new[] { "1.2.3.4:9999", "[2a01:4f8::1]:9999", "dash.org:443", new string('a', 52) + ".b32.i2p:0" }
                .Select(System.Text.Encoding.ASCII.GetBytes),
        ];
        yield return new Parser("netinfotext", addresses, input =>
        {
            var text = System.Text.Encoding.Latin1.GetString(input);
            _ = NetInfo.OfAddress(null).Add(NetInfoPurpose.CoreP2p, text, rules, out _);
            return NetInfo.OfEntries([]).Add(NetInfoPurpose.PlatformHttps, text, rules, out var info) == NetInfoStatus.Success
                && Require(info.Validate(rules) == NetInfoStatus.Success);
        });
        yield return new Parser("bloomfilter", [BloomBytes()], static input =>
        {
            if (!BloomFilter.TryParse(input, out var read) || !read.IsWithinLimits)
            {
                return false;
            }

            read.Add([1, 2]);
            return Require(read.Contains([1, 2]));
        });
        Txid[] txids = [.. Enumerable.Range(0, 9).Select(i => new Txid(Hashes.Sha256(BitConverter.GetBytes(i))))];
        var proof = new MerkleBlock(ChainParams.Main.Genesis.Header, PartialMerkleTree.Create(txids, i => i is 3 or 7));
        yield return new Parser("merkleblock", [proof.ToBytes()], static input =>
        {
            if (!MerkleBlock.TryParse(input, out var read))
            {
                return false;
            }

            _ = read.TryProve(out _);
            return Require(read.ToBytes().AsSpan().SequenceEqual(input));
        });
        var headers = new ByteWriter();
        var first = ChainParams.Main.Genesis.Header;
        CompressedHeaders.Write(headers, [first, first with { Previous = first.Hash, Time = first.Time + 9 }]);
        yield return new Parser("compressedheaders", [headers.ToArray()], static input =>
        {
            try
            {
                var reader = new SpanReader(input);
                return CompressedHeaders.Read(ref reader, 8000).Count > 0;
            }
            catch (EncodingException)
            {
                return false;
            }
        });
        yield return new Parser("psbt", [Psbt()], static input =>
        {
            if (!PartiallySignedTransaction.TryParse(input, out var read, out var error))
            {
                return !Require(error.Length > 0);
            }

            _ = PsbtAnalysis.Of(read);
            return PartiallySignedTransaction.TryParse(read.ToBytes(), out var again, out _)
                && Require(again.ToBytes().AsSpan().SequenceEqual(read.ToBytes()));
        });
        var text = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(Psbt()));
        yield return new Parser("psbttext", [text], static input =>
            PartiallySignedTransaction.TryParse(System.Text.Encoding.Latin1.GetString(input), out _, out _));
        using var key = PrivateKey.FromBytes([.. new byte[31], 3]);
        var id = key.PublicKey.Id;
        yield return new Parser(
            "signedmessage",
            [System.Text.Encoding.ASCII.GetBytes(SignedMessage.Sign(key, "m"))],
            input => SignedMessage.Verify(id, System.Text.Encoding.Latin1.GetString(input), "m") == SignedMessageVerdict.Ok);
    }

    private static bool Require(bool holds) =>
        holds ? true : throw new InvalidOperationException("what was read is not what was written");

    private static byte[] BloomBytes()
    {
        var filter = new BloomFilter(5, 0.01, 9, BloomUpdate.All);
        filter.Add([1]);
        var writer = new ByteWriter();
        filter.Write(writer);
        return writer.ToArray();
    }

    private static byte[] Psbt()
    {
        using var key = PrivateKey.FromBytes([.. new byte[31], 3]);
        var script = ScriptTemplates.PayToPubKeyHash(key.PublicKey.Id);
        var previous = new Transaction([new TxIn(default, Script.Empty, 0)], [new TxOut(Amount.OneDash, script)]);
        var psbt = new PartiallySignedTransaction(new Transaction(
            [new TxIn(new OutPoint(previous.Txid, 0), Script.Empty, 0)], [new TxOut(Amount.OneDash, script)]));
        psbt.Inputs[0].PreviousTransaction = previous;
        psbt.Inputs[0].SigHashType = 1;
        psbt.Inputs[0].KeyPaths.Add(key.PublicKey.ToArray(), new Primitives.Descriptors.KeyOrigin(1, [2, 3]));
        psbt.Outputs[0].RedeemScript = script;
        psbt.Unknown.Add([0x0f, 1], [2]);
        return psbt.ToBytes();
    }
}
