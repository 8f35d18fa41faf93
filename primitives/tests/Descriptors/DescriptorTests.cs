using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Tests.Descriptors;

public sealed class DescriptorTests
{
    private const string Key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string OtherKey = "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5";
    private const string Xprv = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
    private const string Xpub = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8";

    private static AddressPrefixes Main => ChainParams.Main.Prefixes;

    [Fact]
    public void A_wallets_descriptors_and_addresses_are_dashds()
    {
        using var expected = JsonDocument.Parse(SharedVectors.Read("dashd-regtest/expected.json"));
        var prefixes = ChainParams.Regtest.Prefixes;
        var plain = expected.RootElement.GetProperty("wallets").GetProperty("plain");
        var normalized = Texts(plain.GetProperty("listdescriptors"));
        var withPrivateKeys = Texts(expected.RootElement.GetProperty("private_descriptors_plain"));
        Assert.Equal(3, normalized.Count);
        Assert.Equal(3, withPrivateKeys.Count);

        var origins = new Dictionary<string, DerivedKey>();
        foreach (var text in withPrivateKeys)
        {
            using var keys = new DescriptorKeys();
            var descriptor = Parse(text, prefixes, keys);
            Assert.True(descriptor.IsRange);
            Assert.True(descriptor.IsSolvable);
            Assert.Equal(1, keys.Count);

            Assert.True(descriptor.TryToPrivate(keys, out var asPrivate));
            Assert.Equal(text, asPrivate);
            Assert.True(descriptor.TryToNormalized(keys, null, out var asNormalized));
            Assert.Contains(asNormalized, normalized);
            Assert.DoesNotContain("prv", descriptor.ToString(), StringComparison.Ordinal);

            // What was learned from one place is enough for all of them, without private keys.
            Assert.True(descriptor.TryExpand(0, keys, out var first));
            Assert.True(descriptor.TryToNormalized(null, first.Cache, out var fromCache));
            Assert.Equal(asNormalized, fromCache);
            var publicOnly = Parse(asNormalized, prefixes, keys);
            for (var i = 0; i < 20; i++)
            {
                Assert.True(descriptor.TryExpand(i, keys, out var fromPrivate));
                Assert.True(descriptor.TryExpandFromCache(i, first.Cache, out var cached));
                Assert.True(publicOnly.TryExpand(i, null, out var fromPublic));
                Assert.Equal(fromPrivate.Scripts[0], cached.Scripts[0]);
                Assert.Equal(fromPrivate.Scripts[0], fromPublic.Scripts[0]);
                Assert.Equal(fromPrivate.Keys[0], cached.Keys[0]);
                Assert.Equal(fromPrivate.Keys[0], fromPublic.Keys[0]);

                // Who has kept the key derives nothing.
                Assert.True(PublicKey.TryReadForm(fromPrivate.Keys[0].Key.Bytes, out var kept));
                var known = descriptor.ExpandKnown(i, kept);
                Assert.NotNull(known);
                Assert.Equal(fromPrivate.Scripts[0], known.Scripts[0]);
                Assert.Equal(fromPrivate.Keys[0], known.Keys[0]);

                var privateKeys = descriptor.DerivePrivateKeys(i, keys);
                Assert.Equal(fromPrivate.Keys[0].Key, Assert.Single(privateKeys).PublicKey);
                privateKeys[0].Dispose();

                var address = AddressCodec.Encode(Destination.FromScript(cached.Scripts[0]), prefixes);
                origins.TryAdd(address, cached.Keys[0]);
            }
        }

        foreach (var info in plain.GetProperty("getaddressinfo").EnumerateObject())
        {
            var key = origins[info.Name];
            Assert.Equal(info.Value.GetProperty("pubkey").GetString(), key.Key.ToString());
            Assert.Equal(info.Value.GetProperty("hdkeypath").GetString(), key.Origin.PathText);
            Assert.Equal(info.Value.GetProperty("hdmasterfingerprint").GetString(), key.Origin.FingerprintHex);
            var script = ScriptTemplates.PayToPubKeyHash(key.Key.Id);
            Assert.Equal(
                info.Value.GetProperty("desc").GetString(),
                DescriptorInference.Of(script, prefixes, _ => key, _ => null).ToString());
        }
    }

    // From a wallet.dat of dashd: the id of a descriptor and the two keys it keeps beside it.
    [Fact]
    public void What_stands_for_several_keys_is_not_expanded_from_one()
    {
        using DescriptorKeys keys = new();
        Assert.True(PublicKey.TryReadForm(Convert.FromHexString(Key), out var known));

        Assert.Null(Parse($"sh(multi(1,{Key},{OtherKey}))", Main, keys).ExpandKnown(0, known));
    }

    [Fact]
    public void Id_and_cache_are_those_dashd_stores()
    {
        const string Private = "tprv8ZgxMBicQKsPd7AP9DPe5C9EZETYgraM7qxTG6Ekc8WANXuKrzraDeTMEvb6grW2L8sUbzbkvdnnmkuVHSeRALJFBRcCeGwvRQsRqrgXRwy";
        using var keys = new DescriptorKeys();
        var descriptor = Parse($"pkh({Private}/44'/1'/0'/0/*)", ChainParams.Regtest.Prefixes, keys);

        Assert.True(descriptor.TryExpand(7, keys, out var expansion));

        Assert.EndsWith("/44'/1'/0'/0/*)#9gsh580s", descriptor.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "95f513c60a1524feb998d44279be802af90746e0c77137c7f73dc4f16dc92a23",
            Convert.ToHexStringLower(descriptor.Id.ToArray()));
        Assert.Equal(
            "048d41a64d000000004b6b4bd2469fdc2573bcd41180521f32ff14988f293301e3504bca740187f051"
            + "02f10ef5cce10083e2a243e92f1b7183af34d1e1242acb888b61eb6d3eae7b1e1a",
            Hex(expansion.Cache.Parents[0]));
        Assert.Equal(
            "0309a13a3b8000000006e2249ae9e5c7500d8c304acd401736cfc6c6fa4f2864dda64f47e10db9e186"
            + "02fc632dd7c61658067112a1990f63bdaa084385e52eb3bb64018753a3edb32910",
            Hex(expansion.Cache.LastHardened[0]));

        static string Hex(ExtendedPublicKey key)
        {
            var bytes = new byte[ExtendedPublicKey.Size];
            key.CopyTo(bytes);
            return Convert.ToHexStringLower(bytes);
        }
    }

    [Theory]
    [InlineData("raw(deadbeef)", "89f8spxm")]
    [InlineData("addr(92Cpm6g9Hba4maFG66aDjVxcgPY4wnQM4E)", "w082pp4j")]
    public void Checksums_are_the_known_ones(string payload, string checksum)
    {
        Assert.Equal(checksum, DescriptorChecksum.Compute(payload));
        Assert.True(DescriptorChecksum.Verify(payload + "#" + checksum));
        Assert.Equal(payload + "#" + checksum, DescriptorChecksum.Add(payload));
        Assert.Null(DescriptorChecksum.Compute(payload + "Ü"));
    }

    [Theory]
    [InlineData("raw(deadbeef)", true, "Missing checksum")]
    [InlineData("raw(deadbeef)##", false, "Multiple '#' symbols")]
    [InlineData("raw(deadbeef)#89f8spx", false, "Expected 8 character checksum, not 7 characters")]
    [InlineData("raw(deadbeef)#89f8spxx", false, "Provided checksum '89f8spxx' does not match computed checksum '89f8spxm'")]
    [InlineData("raw(Ü)", false, "Invalid characters in payload")]
    [InlineData("raw()", false, "Raw script is not hex")]
    [InlineData("wpkh(" + Key + ")", false, "'wpkh(" + Key + ")' is not a valid descriptor function")]
    [InlineData("pkh()", false, "pkh(): No key provided")]
    [InlineData("pk(02aa)", false, "pk(): Pubkey '02aa' is invalid")]
    [InlineData("pkh(nonsense)", false, "pkh(): key 'nonsense' is not valid")]
    [InlineData("pkh([d34db33f]x]" + Key + ")", false, "pkh(): Multiple ']' characters found for a single pubkey")]
    [InlineData("pkh(d34db33f]" + Key + ")", false, "pkh(): Key origin start '[ character expected but not found, got 'd' instead")]
    [InlineData("pkh(]" + Key + ")", false, "pkh(): Key origin start '[ character expected but not found, got ']' instead")]
    [InlineData("pkh([d34db3]" + Key + ")", false, "pkh(): Fingerprint is not 4 bytes (6 characters instead of 8 characters)")]
    [InlineData("pkh([d34db3gg]" + Key + ")", false, "pkh(): Fingerprint 'd34db3gg' is not hex")]
    [InlineData("pkh(" + Xpub + "/a)", false, "pkh(): Key path value 'a' is not a valid uint32")]
    [InlineData("pkh(" + Xpub + "/2147483648)", false, "pkh(): Key path value 2147483648 is out of range")]
    [InlineData("multi(a," + Key + ")", false, "Multi threshold 'a' is not valid")]
    [InlineData("multi(1)", false, "Cannot have 0 keys in multisig; must have between 1 and 20 keys, inclusive")]
    [InlineData("multi(0," + Key + ")", false, "Multisig threshold cannot be 0, must be at least 1")]
    [InlineData("multi(2," + Key + ")", false, "Multisig threshold cannot be larger than the number of keys; threshold is 2 but only 1 keys specified")]
    [InlineData("multi(1," + Key + "," + Key + "," + Key + "," + Key + ")", false, "Cannot have 4 pubkeys in bare multisig; only at most 3 pubkeys")]
    [InlineData("sh(sh(pk(" + Key + ")))", false, "Can only have sh() at top level")]
    [InlineData("sh(combo(" + Key + "))", false, "Can only have combo() at top level")]
    [InlineData("sh(raw(00))", false, "Can only have raw() at top level")]
    [InlineData("sh(" + Key + ")", false, "A function is needed within P2SH")]
    [InlineData("addr(nobody)", false, "Address is not valid")]
    [InlineData("pk(" + Key + "),", false, "")]
    public void Refusals_are_Cores(string text, bool requireChecksum, string expected)
    {
        using var keys = new DescriptorKeys();

        Assert.False(Descriptor.TryParse(text, Main, requireChecksum, keys, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("pk(" + Key + ")", "21" + Key + "ac")]
    [InlineData("pkh([d34db33f/44h/0']" + Key + ")", "76a914751e76e8199196d454941c45d1b3a323f1433bd688ac")]
    [InlineData("sortedmulti(1," + OtherKey + "," + Key + ")", "5121" + Key + "21" + OtherKey + "52ae")]
    [InlineData("multi(1," + OtherKey + "," + Key + ")", "5121" + OtherKey + "21" + Key + "52ae")]
    [InlineData("sh(pkh(" + Key + "))", "a914cd7b44d0b03f2d026d1e586d7ae18903b0d385f687")]
    [InlineData("raw(51)", "51")]
    public void Expands_fixed_keys(string text, string script)
    {
        using var keys = new DescriptorKeys();
        var descriptor = Parse(text, Main, keys);

        Assert.True(descriptor.TryExpand(0, null, out var expansion));
        Assert.Equal(script, expansion.Scripts[0].ToHex());
        Assert.True(descriptor.TryExpandFromCache(0, DescriptorCache.Empty, out _));
        Assert.Equal(text.Replace("44h", "44'", StringComparison.Ordinal), descriptor.ToString()[..^9]);
        Assert.False(descriptor.IsRange);
    }

    [Fact]
    public void A_combination_pays_three_ways()
    {
        using var keys = new DescriptorKeys();

        Assert.True(Parse($"combo({Key})", Main, keys).TryExpand(0, null, out var expansion));

        Assert.Equal(
            [ScriptKind.PubKey, ScriptKind.PubKeyHash, ScriptKind.ScriptHash],
            expansion.Scripts.Select(script => ScriptTemplates.Solve(script).Kind));
    }

    [Fact]
    public void Hardened_children_are_cached_one_by_one()
    {
        using var keys = new DescriptorKeys();
        var descriptor = Parse($"pkh({Xprv}/1/*h)", Main, keys);

        Assert.EndsWith($"({Xpub}/1/*')", descriptor.ToString()[..^9], StringComparison.Ordinal);
        Assert.False(descriptor.TryExpand(0, null, out _));
        Assert.True(descriptor.TryExpand(0, keys, out var zero));
        Assert.True(descriptor.TryExpand(1, keys, out var one));
        Assert.Empty(zero.Cache.Parents);

        var both = zero.Cache.Merge(one.Cache, out var news);
        Assert.Single(news.Derived);
        Assert.True(descriptor.TryExpandFromCache(1, both, out var again));
        Assert.Equal(one.Scripts[0], again.Scripts[0]);
        Assert.False(descriptor.TryExpandFromCache(2, both, out _));
        Assert.Equal("m/1/1'", again.Keys[0].Origin.PathText);
        both.Merge(both, out var none);
        Assert.True(none.IsEmpty);
    }

    [Fact]
    public void A_wif_is_written_back_as_it_was()
    {
        using var secret = PrivateKey.Generate();
        var wif = Wif.Encode(secret, Main.Wif);
        using var keys = new DescriptorKeys();

        var descriptor = Parse($"pkh({wif})", Main, keys);

        Assert.Equal($"pkh({secret.PublicKey})", descriptor.ToString()[..^9]);
        Assert.True(descriptor.TryToPrivate(keys, out var text));
        Assert.Equal($"pkh({wif})", text[..^9]);
        Assert.False(descriptor.TryToPrivate(new DescriptorKeys(), out _));
    }

    [Fact]
    public void A_key_that_is_no_point_is_inferred_as_it_stands()
    {
        // No point of the curve has the x 5.
        const string NoPoint = "02" + "0000000000000000000000000000000000000000000000000000000000000005";
        Assert.False(PublicKey.TryParse(Convert.FromHexString(NoPoint), out _));
        var one = DescriptorInference.Of(Script.FromHex("21" + NoPoint + "ac"), ChainParams.Main.Prefixes);
        var several = DescriptorInference.Of(Script.FromHex("51" + "21" + NoPoint + "21" + NoPoint + "52ae"), ChainParams.Main.Prefixes);

        Assert.Equal(DescriptorChecksum.Add($"pk({NoPoint})"), one.ToString());
        Assert.Equal(DescriptorChecksum.Add($"multi(1,{NoPoint},{NoPoint})"), several.ToString());
    }

    [Fact]
    public void Infers_as_much_as_keys_and_scripts_are_known()
    {
        Assert.True(PublicKey.TryParse(Convert.FromHexString(Key), out var key));
        var other = Convert.FromHexString(OtherKey);
        DerivedKey known = new(key, new KeyOrigin(0xd34db33f, [44 | 0x80000000, 1]));
        var multisig = ScriptTemplates.Multisig(1, [key.Bytes.ToArray(), other]);
        var data = ScriptTemplates.NullData([0xde, 0xad]);

        Assert.Equal($"pk({Key})", Nothing(ScriptTemplates.PayToPubKey(key.Bytes)));
        Assert.Equal($"pk([d34db33f/44'/1]{Key})", All(ScriptTemplates.PayToPubKey(key.Bytes)));
        Assert.Equal("addr(XmN7PQYWKn5MJFna5fRYgP6mxT2F7xpekE)", Nothing(ScriptTemplates.PayToPubKeyHash(key.Id)));
        Assert.Equal($"pkh([d34db33f/44'/1]{Key})", All(ScriptTemplates.PayToPubKeyHash(key.Id)));
        Assert.Equal($"multi(1,{Key},{OtherKey})", Nothing(multisig));
        Assert.Equal($"multi(1,[d34db33f/44'/1]{Key},{OtherKey})", All(multisig));
        Assert.StartsWith("addr(7", Nothing(ScriptTemplates.PayToScriptHash(multisig)), StringComparison.Ordinal);
        Assert.Equal($"sh(multi(1,[d34db33f/44'/1]{Key},{OtherKey}))", All(ScriptTemplates.PayToScriptHash(multisig)));
        Assert.Equal("raw(6a02dead)", All(data));
        Assert.Equal("raw(00)", All(Script.FromHex("00")));

        // Every one of them stands for the script it came from.
        foreach (var script in new[] { ScriptTemplates.PayToPubKeyHash(key.Id), multisig, ScriptTemplates.PayToScriptHash(multisig), data })
        {
            Assert.True(Parse(All(script), Main, new DescriptorKeys()).TryExpand(0, null, out var expansion));
            Assert.Equal(script, expansion.Scripts[0]);
        }

        static string Nothing(Script script) => DescriptorInference.Of(script, Main).ToString()[..^9];

        string All(Script script) => DescriptorInference.Of(
            script,
            Main,
            id => id == key.Id ? known : null,
            id => ScriptTemplates.PayToScriptHash(multisig) == ScriptTemplates.PayToScriptHash(id) ? multisig : null).ToString()[..^9];
    }

    [Fact]
    public void Infers_what_is_known_about_a_script()
    {
        using var vectors = JsonDocument.Parse(SharedVectors.Read("rpc_decodescript.json"));
        foreach (var row in vectors.RootElement.EnumerateArray())
        {
            var script = Script.FromHex(row[0].GetString()!);
            Assert.Equal(
                row[1].GetProperty("desc").GetString(),
                DescriptorInference.Of(script, ChainParams.Regtest.Prefixes).ToString());
            Assert.Equal(row[1].GetProperty("asm").GetString(), ScriptAssembly.ToAsm(script));
            Assert.Equal(
                row[1].GetProperty("type").GetString(), ScriptTemplates.Name(ScriptTemplates.Solve(script).Kind));
        }
    }

    private static List<string> Texts(JsonElement listDescriptors) =>
        [.. listDescriptors.GetProperty("descriptors").EnumerateArray().Select(row => row.GetProperty("desc").GetString()!)];

    private static Descriptor Parse(string text, AddressPrefixes prefixes, DescriptorKeys keys)
    {
        Assert.True(
            Descriptor.TryParse(text, prefixes, requireChecksum: false, keys, out var descriptor, out var error), error);
        return descriptor;
    }
}
