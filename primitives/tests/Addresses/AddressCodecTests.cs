using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Addresses;

public sealed class AddressCodecTests
{
    [Fact]
    public void Every_valid_text_of_the_vectors_is_read_and_written_back()
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read("key_io_valid.json"));
        Assert.True(rows.RootElement.GetArrayLength() >= 50);
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            var text = row[0].GetString()!;
            var payload = row[1].GetString()!;
            var prefixes = ChainParams.ByName(row[2].GetProperty("chain").GetString()!)!.Prefixes;
            if (row[2].GetProperty("isPrivkey").GetBoolean())
            {
                Assert.False(AddressCodec.TryDecode(text, prefixes, out _, out _));
                Assert.True(Wif.TryDecode(text, prefixes.Wif, out var key), text);
                Assert.Equal(row[2].GetProperty("isCompressed").GetBoolean(), key.IsCompressed);
                var secret = new byte[32];
                key.CopyTo(secret);
                Assert.Equal(payload, Convert.ToHexStringLower(secret));
                Assert.Equal(text, Wif.Encode(key, prefixes.Wif));
            }
            else
            {
                Assert.True(AddressCodec.TryDecode(text, prefixes, out var destination, out var error), error);
                Assert.Equal(payload, destination.ToScript().ToHex());
                Assert.Equal(text, AddressCodec.Encode(destination, prefixes));
                Assert.Equal(destination, Destination.FromScript(destination.ToScript()));
                Assert.False(Wif.TryDecode(text, prefixes.Wif, out _));
            }
        }
    }

    [Fact]
    public void Every_invalid_text_of_the_vectors_is_refused_on_every_network()
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read("key_io_invalid.json"));
        Assert.True(rows.RootElement.GetArrayLength() >= 50);
        foreach (var text in rows.RootElement.EnumerateArray().Select(row => row[0].GetString()!))
        {
            foreach (var chain in new[] { ChainParams.Main, ChainParams.Test, ChainParams.Regtest })
            {
                Assert.False(AddressCodec.TryDecode(text, chain.Prefixes, out _, out var error), text);
                Assert.NotEmpty(error);
                Assert.False(Wif.TryDecode(text, chain.Prefixes.Wif, out _), text);
            }
        }
    }

    [Theory]
    [InlineData("XqZHYpoksmbEPtWstAEki3o8pJ8ZsPfXpK", "Invalid prefix for Base58-encoded address")]
    [InlineData("yXhXttau5GDmGSbHwgTzUp8yYAnDirzQvT", "Invalid address format")]
    [InlineData("", "Invalid address format")]
    public void Errors_are_Cores(string text, string expected)
    {
        Assert.False(AddressCodec.TryDecode(text, ChainParams.Regtest.Prefixes, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_script_that_is_no_address_pays_nobody()
    {
        Assert.Equal(Destination.None.Instance, Destination.FromScript(Primitives.Scripts.Script.Empty));
        Assert.Equal("", AddressCodec.Encode(Destination.None.Instance, ChainParams.Main.Prefixes));
        Assert.NotEqual<Destination>(new Destination.PubKeyHash(Hash160.Zero), new Destination.ScriptHash(Hash160.Zero));
    }
}
