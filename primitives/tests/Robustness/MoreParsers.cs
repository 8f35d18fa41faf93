using System.Collections.Immutable;
using System.Net;
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

/// <summary>The parsers of payloads with inner structure, of locks, filters, proofs and PSBTs.</summary>
internal static class MoreParsers
{
    private static readonly byte[] Signature = Hex.Decode(
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8");

    public static IEnumerable<Parser> All() => [.. Payloads(), .. Locks(), .. Others()];

    private static IEnumerable<Parser> Payloads()
    {
        var rules = new NetInfoRules(true, 9999, true);
        byte[][] registrations =
        [
            Registration(1, MasternodeType.Regular), Registration(2, MasternodeType.Evo), Registration(3, MasternodeType.Evo),
        ];
        yield return new Parser("proregtx", registrations, input =>
        {
            if (!ProRegTx.TryParse(input, out var read))
            {
                return false;
            }

            _ = read.Check(ProTxVersion.ExtendedAddresses);
            _ = ProTxRules.CheckService(read.NetInfo, rules);
            _ = read.SigningHash;
            return ProRegTx.TryParse(read.ToBytes(), out var again) && Require(read.Equals(again));
        });
        var service = new ProUpServTx { Version = 2, Type = MasternodeType.Evo, NetInfo = Single(), Signature = Signature };
        var extended = service with { Version = 3, NetInfo = Extended() };
        yield return new Parser("proupservtx", [service.ToBytes(), extended.ToBytes()], static input =>
        {
            if (!ProUpServTx.TryParse(input, out var read))
            {
                return false;
            }

            _ = read.Check(ProTxVersion.ExtendedAddresses);
            return ProUpServTx.TryParse(read.ToBytes(), out var again) && Require(read.Equals(again));
        });
        var registrar = new ProUpRegTx { Version = 2, Payout = ScriptTemplates.PayToPubKeyHash(default), Signature = new byte[65] };
        yield return Same("proupregtx", registrar.ToBytes(), static input => ProUpRegTx.TryParse(input, out var read) ? read.ToBytes() : null);
        var revoke = new ProUpRevTx { Version = 1, Signature = Signature };
        yield return Same("prouprevtx", revoke.ToBytes(), static input => ProUpRevTx.TryParse(input, out var read) ? read.ToBytes() : null);
        var signal = new MnHfSignal { Version = 1, VersionBit = 12, Signature = Signature };
        yield return Same("mnhfsignal", signal.ToBytes(), static input => MnHfSignal.TryParse(input, out var read) ? read.ToBytes() : null);
        var credits = new AssetLock(1, [new TxOut(Amount.OneDash, ScriptTemplates.PayToPubKeyHash(default))]);
        yield return Same("credits", credits.ToBytes(), static input => AssetLock.TryParse(input, out var read) ? read.ToBytes() : null);
        var withdrawal = new AssetUnlock { Version = 1, Index = 1, Fee = new Amount(1), QuorumSignature = Signature };
        yield return Same("withdrawal", withdrawal.ToBytes(), static input => AssetUnlock.TryParse(input, out var read) ? read.ToBytes() : null);
        var commitment = FinalCommitment.Null(1, 50, default, 3, isRotated: true, isBasicScheme: true, 7);
        yield return Same("finalcommitment", commitment.ToBytes(), static input => FinalCommitment.TryParse(input, out var read) ? read.ToBytes() : null);
    }

    private static IEnumerable<Parser> Locks()
    {
        var chain = new ChainLock { Height = 5, BlockHash = default, Signature = Signature };
        yield return Same("chainlock", chain.ToBytes(), static input => ChainLock.TryParse(input, out var read) ? read.ToBytes() : null);
        var instant = new InstantSendLock { Version = 1, Inputs = [default, OutPoint.Null], Txid = default, CycleHash = default, Signature = Signature };
        yield return Same("instantsendlock", instant.ToBytes(), static input => InstantSendLock.TryParse(input, out var read) ? read.ToBytes() : null);
    }

    private static IEnumerable<Parser> Others()
    {
        var elements = Enumerable.Range(0, 40).Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes(i)).ToArray();
        var filter = BlockFilter.OfElements(default, elements).Encoded.ToArray();
        yield return new Parser("blockfilter", [filter], input =>
            BlockFilter.TryParse(default, input, out var read) && Require(read.MatchesAny(elements) || true));
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

    private static Parser Same(string name, byte[] seed, Func<byte[], byte[]?> read) => new(name, [seed], input =>
        read(input) is { } written && Require(written.AsSpan().SequenceEqual(input)));

    private static bool Require(bool holds) =>
        holds ? true : throw new InvalidOperationException("what was read is not what was written");

    private static byte[] Registration(ushort version, MasternodeType type) => new ProRegTx
    {
        Version = version,
        Type = type,
        NetInfo = version == 3 ? Extended() : Single(),
        Payout = ScriptTemplates.PayToPubKeyHash(default),
        Signature = new byte[65],
    }.ToBytes();

    private static NetInfo Single()
    {
        _ = ServiceAddress.TryCreate(IPAddress.Parse("1.2.3.4"), 9999, out var service);
        return NetInfo.OfAddress(service);
    }

    private static NetInfo Extended()
    {
        _ = ServiceAddress.TryCreate(IPAddress.Parse("2a01:4f8::1"), 9999, out var service);
        return NetInfo.OfEntries(new Dictionary<NetInfoPurpose, ImmutableArray<NetInfoEntry>>
        {
            [NetInfoPurpose.CoreP2p] = [new NetInfoEntry(service!)], // an address that names a host
            [NetInfoPurpose.PlatformHttps] = [NetInfoEntry.OfDomain("node.dash.org", 443)],
        });
    }

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
