using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Robustness;

/// <summary>Every public parser, with good inputs.</summary>
internal static class Parsers
{
    private const string Mnemonic12 =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private static readonly AddressPrefixes Prefixes = ChainParams.Main.Prefixes;

    public static IReadOnlyList<Parser> All() =>
        [.. Transactions(), .. Blocks(), .. Payloads(), .. Scripts(), .. Keys(), .. Texts(), .. MoreParsers.All(), .. LateParsers.All()];

    private static IEnumerable<Parser> Transactions()
    {
        var values = new RandomValues(1);
        var transactions = Many(200, () => values.Transaction().ToBytes());
        yield return new Parser("transaction", transactions, input =>
        {
            if (!Transaction.TryParse(input, out var read))
            {
                Refused(() => Transaction.Parse(input));
                return false;
            }

            // A negative version is written with its sign over the type.
            if (read.Version >= 0)
            {
                Same(input, read.ToBytes());
            }

            _ = TransactionForm.Check(read);
            _ = Standardness.Check(read, StandardRules.Default);
            return true;
        });
        yield return Reads("outpoint", Many(4, () => values.Bytes(36)), (ref SpanReader r) => OutPoint.Read(ref r));
        yield return Reads("txin", Many(20, () => Written(values.Transaction().Inputs[0].Write)),
            (ref SpanReader r) => TxIn.Read(ref r));
        yield return Reads("txout", Many(20, () => Written(values.Transaction().Outputs[0].Write)),
            (ref SpanReader r) => TxOut.Read(ref r));
    }

    private static IEnumerable<Parser> Blocks()
    {
        var values = new RandomValues(2);
        var genesis = ChainParams.Main.Genesis;
        var blocks = Many(20, () => new Block(
            genesis.Header, [.. Enumerable.Range(0, 3).Select(_ => values.Transaction())]).ToBytes());
        yield return new Parser("block", blocks, input =>
        {
            if (!Block.TryParse(input, out var read))
            {
                Refused(() => Block.Parse(input));
                return false;
            }

            if (read.Transactions.All(static transaction => transaction.Version >= 0))
            {
                Same(input, read.ToBytes());
            }

            _ = read.ComputeMerkleRoot(out _);
            return true;
        });
        yield return new Parser("blockscanner", blocks, input =>
        {
            try
            {
                foreach (var view in new BlockScanner(input))
                {
                    _ = view.ComputeTxid();
                    foreach (var each in view.Inputs)
                    {
                        _ = each.PreviousOutput;
                    }

                    foreach (var each in view.Outputs)
                    {
                        _ = each.Value;
                    }
                }

                return true;
            }
            catch (EncodingException)
            {
                return false;
            }
        });
        yield return Reads("header", [genesis.Header.ToBytes()], (ref SpanReader r) => BlockHeader.Read(ref r));
        var locator = BlockLocator.Of(1000, height => new BlockHash(CompactTarget.ToUint256(height)));
        yield return Reads(
            "locator",
            [Written(writer => locator.Write(writer))],
            (ref SpanReader r) => BlockLocator.Read(ref r));
        yield return new Parser("compacttarget", [[0xff, 0xff, 0x00, 0x1d]], input =>
        {
            var bits = input.Length < 4 ? 0 : BitConverter.ToUInt32(input);
            var isGood = CompactTarget.TryDecode(bits, out _);
            _ = CompactTarget.Work(bits);
            return isGood;
        });
    }

    private static IEnumerable<Parser> Payloads()
    {
        var values = new RandomValues(3);
        yield return Settles(
            "cbtx",
            PayloadSeeds.Coinbases,
            static input => CbTx.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "proregtx",
            PayloadSeeds.Registrations,
            static input => ProRegTx.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "proupservtx",
            PayloadSeeds.ServiceUpdates,
            static input => ProUpServTx.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "proupregtx",
            PayloadSeeds.RegistrarUpdates,
            static input => ProUpRegTx.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "prouprevtx",
            PayloadSeeds.Revocations,
            static input => ProUpRevTx.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "assetlock",
            PayloadSeeds.Locks,
            static input => AssetLock.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "assetunlock",
            PayloadSeeds.Unlocks,
            static input => AssetUnlock.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "commitment",
            PayloadSeeds.Commitments,
            static input => FinalCommitment.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "mnhfsignal",
            PayloadSeeds.Signals,
            static input => MnHfSignal.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "instantsendlock",
            PayloadSeeds.InstantSendLocks,
            static input => InstantSendLock.TryParse(input, out var read) ? read.ToBytes() : null);
        yield return Settles(
            "chainlock",
            PayloadSeeds.ChainLocks,
            static input => ChainLock.TryParse(input, out var read) ? read.ToBytes() : null);
        var filter = BlockFilter.OfElements(
            default, [.. Many(30, () => values.Bytes(25)).Select(static bytes => (ReadOnlyMemory<byte>)bytes)]);
        yield return new Parser("blockfilter", [filter.Encoded.ToArray()], static input =>
            BlockFilter.TryParse(default, input, out var read) && (read.Matches(input) || read.Count >= 0));
    }

    private static IEnumerable<Parser> Scripts()
    {
        var values = new RandomValues(4);
        var scripts = Many(200, () => values.Script().ToArray());
        yield return new Parser("script", scripts, static input =>
        {
            var script = new Script(input);
            _ = ScriptTemplates.Solve(script);
            _ = ScriptAssembly.ToAsm(script, sighashDecode: true);
            _ = SigOpCount.Of(script, accurate: true);
            _ = script.IsPushOnly;
            return Destination.FromScript(script) is not Destination.None;
        });
        var spend = new Transaction([new TxIn(OutPoint.Null, Script.Empty)], [new TxOut(Amount.OneDash, Script.Empty)]);
        yield return new Parser("interpreter", scripts, input =>
        {
            // The first third unlocks the rest.
            var third = input.Length / 3;
            var scriptSig = new Script(input.AsSpan(..third));
            var scriptPubKey = new Script(input.AsSpan(third..));
            var flags = (input.Length & 1) == 0 ? ScriptFlags.Standard : ScriptFlags.P2sh;
            return Interpreter.Verify(scriptSig, scriptPubKey, flags, new TransactionChecker(spend, 0), out _);
        });
    }

    private static IEnumerable<Parser> Keys()
    {
        var values = new RandomValues(5);
        using var root = ExtendedPrivateKey.FromSeed(values.Bytes(32));
        var publicRoot = root.ToPublic();
        var der = root.Key.ToDer();
        var publicKey = root.Key.PublicKey;
        var hash = new Uint256(values.Bytes(Uint256.Size));
        var xprv = new byte[ExtendedPrivateKey.Size];
        root.CopyTo(xprv);
        var xpub = new byte[ExtendedPublicKey.Size];
        publicRoot.CopyTo(xpub);
        yield return new Parser("publickey", [publicKey.ToArray()], static input => PublicKey.TryParse(input, out _));
        yield return new Parser("signature", [root.Key.Sign(hash)], input => publicKey.Verify(hash, input));
        yield return new Parser(
            "compactsignature", [root.Key.SignCompact(hash)], input => PublicKey.TryRecover(hash, input, out _));
        yield return new Parser("privatekeyder", [der], input => Dispose(
            PrivateKey.TryFromDer(input, compressed: true, out var key), key));
        yield return new Parser("extendedprivatekey", [xprv], static input => Dispose(
            ExtendedPrivateKey.TryRead(input, out var key), key));
        yield return new Parser("extendedpublickey", [xpub], static input => ExtendedPublicKey.TryRead(input, out _));
        foreach (var scheme in new[] { BlsScheme.Basic, BlsScheme.Legacy })
        {
            var point = new byte[BlsPublicKey.Size];
            point[0] = 0xc0;
            var signature = new byte[BlsSignature.Size];
            signature[0] = 0xc0;
            yield return Payload(
                $"blspublickey-{scheme}",
                [point, values.Bytes(BlsPublicKey.Size)],
                input => BlsPublicKey.TryParse(input, scheme, out var read) ? read.ToBytes(scheme) : null);
            yield return Payload(
                $"blssignature-{scheme}",
                [signature, values.Bytes(BlsSignature.Size)],
                input => BlsSignature.TryParse(input, scheme, out var read) ? read.ToBytes(scheme) : null);
        }
    }

    private static IEnumerable<Parser> Texts()
    {
        var values = new RandomValues(6);
        using var root = ExtendedPrivateKey.FromSeed(values.Bytes(32));
        var xprv = root.Encode(Prefixes.ExtendedPrivateKey.Span);
        var xpub = root.ToPublic().Encode(Prefixes.ExtendedPublicKey.Span);
        var wif = Wif.Encode(root.Key, Prefixes.Wif);
        var descriptors = Many(100, () => Ascii(DescriptorChecksum.Add(values.Descriptor())));
        descriptors.AddRange(Many(100, () => Ascii(values.Descriptor())));
        descriptors.Add(Ascii($"pkh([d34db33f/44'/5h/0]{xprv}/1'/*h)"));
        descriptors.Add(Ascii($"combo({wif})"));
        yield return Text("descriptor", descriptors, static text =>
        {
            using var keys = new DescriptorKeys();
            return Descriptor.TryParse(text, Prefixes, requireChecksum: false, keys, out var read, out _)
                && read.ToString().Length > 0;
        });
        yield return Text(
            "address",
            Many(20, () => Ascii(AddressCodec.Encode(values.Destination(), Prefixes))),
            static text => AddressCodec.TryDecode(text, Prefixes, out _, out _));
        yield return Text("wif", [Ascii(wif)], static text => Dispose(
            Wif.TryDecode(text, Prefixes.Wif, out var key), key));
        yield return Text("xpub", [Ascii(xpub)], static text =>
            ExtendedPublicKey.TryParse(text, Prefixes.ExtendedPublicKey.Span, out _));
        yield return Text("xprv", [Ascii(xprv)], static text => Dispose(
            ExtendedPrivateKey.TryParse(text, Prefixes.ExtendedPrivateKey.Span, out var key), key));
        yield return Text("mnemonic", [Ascii(Mnemonic12)], Mnemonic.Check);
        yield return Text("amount", [Ascii("21000000.00000000"), Ascii("1e-8"), Ascii("-0.5")], static text =>
            Amount.TryParse(text, out _));
        yield return Text("base58", [Ascii(wif)], static text => Base58.TryDecode(text, 200, out _));
        yield return Text("base58check", [Ascii(wif)], static text => Base58Check.TryDecode(text, 200, out _));
        var hex = Ascii(new string('a', 64));
        yield return Text("uint256", [hex], static text => Uint256.TryParse(text, out _));
        yield return Text("hash160", [hex[..40]], static text => Hash160.TryParse(text, out _));
        yield return Text("txid", [hex], static text => Txid.TryParse(text, out _));
        yield return Text("blockhash", [hex], static text => BlockHash.TryParse(text, out _));
        yield return Text("hex", [hex], static text => Hex.TryDecode(text, out _));
    }

    private delegate T Reader<out T>(ref SpanReader reader);

    private static Parser Reads<T>(string name, IReadOnlyList<byte[]> seeds, Reader<T> read) =>
        new(name, seeds, input =>
        {
            var reader = new SpanReader(input);
            try
            {
                read(ref reader);
                return reader.IsAtEnd;
            }
            catch (EncodingException)
            {
                return false;
            }
        });

    // Reads and writes again; null for what is refused.
    private static Parser Payload(string name, IReadOnlyList<byte[]> seeds, Func<byte[], byte[]?> read) =>
        new(name, seeds, input =>
        {
            if (read(input) is not { } written)
            {
                return false;
            }

            Same(input, written);
            return true;
        });

    // What is a signature of the other scheme only is read as none, as Core does, so the bytes change once; never a second time.
    private static Parser Settles(string name, IReadOnlyList<byte[]> seeds, Func<byte[], byte[]?> read) =>
        new(name, seeds, input =>
        {
            if (read(input) is not { } written)
            {
                return false;
            }

            Same(written, read(written) ?? []);
            return true;
        });

    private static Parser Text(string name, IReadOnlyList<byte[]> seeds, Func<string, bool> read) =>
        new(name, seeds, input => read(System.Text.Encoding.Latin1.GetString(input)));

    private static List<byte[]> Many(int count, Func<byte[]> make) =>
        [.. Enumerable.Range(0, count).Select(_ => make())];

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static byte[] Written(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.ToArray();
    }

    private static bool Dispose(bool taken, IDisposable? what)
    {
        what?.Dispose();
        return taken;
    }

    private static void Refused(Func<object> parse)
    {
        try
        {
            parse();
        }
        catch (EncodingException)
        {
            return;
        }

        throw new InvalidOperationException("one form takes what the other refuses");
    }

    private static void Same(byte[] input, byte[] written)
    {
        if (!written.AsSpan().SequenceEqual(input))
        {
            throw new InvalidOperationException($"written as {Convert.ToHexStringLower(written)}");
        }
    }
}
