using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Tests.Descriptors;

/// <summary>Every row of Core's rpc_bip67.json.</summary>
public sealed class SortedMultisigVectorTests
{
    [Fact]
    public void Keys_are_sorted_whatever_their_order()
    {
        using var json = JsonDocument.Parse(SharedVectors.Read("rpc_bip67.json"));
        var rows = json.RootElement.EnumerateArray().ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var keys = Texts(row, "keys");
            var sorted = Texts(row, "sorted_keys");
            var script = new Script(Hex.Decode(row.GetProperty("script").GetString()!));
            Assert.Equal(sorted, keys.Order(StringComparer.Ordinal));

            AssertBehindHash(script, $"sortedmulti(2,{string.Join(',', keys)})");
            AssertBehindHash(script, $"sortedmulti(2,{string.Join(',', keys.Reverse())})");
            AssertBehindHash(script, $"multi(2,{string.Join(',', sorted)})");
            if (keys.Length <= 3)
            {
                Assert.Equal(script, Expand($"sortedmulti(2,{string.Join(',', keys)})").Scripts[0]);
            }

            var shared = ScriptTemplates.PayToScriptHash(script);
            Assert.Equal(
                row.GetProperty("address").GetString(),
                AddressCodec.Encode(Destination.FromScript(shared), ChainParams.Regtest.Prefixes));
        }
    }

    private static string[] Texts(JsonElement row, string name) =>
        [.. row.GetProperty(name).EnumerateArray().Select(static text => text.GetString()!)];

    private static void AssertBehindHash(Script script, string text)
    {
        var expansion = Expand($"sh({text})");
        Assert.Equal(ScriptTemplates.PayToScriptHash(script), expansion.Scripts[0]);
        Assert.Equal([script], expansion.RedeemScripts);
    }

    private static DescriptorExpansion Expand(string text)
    {
        using var none = new DescriptorKeys();
        Assert.True(
            Descriptor.TryParse(text, ChainParams.Regtest.Prefixes, false, none, out var descriptor, out var error), error);
        Assert.True(descriptor.TryExpand(0, null, out var expansion));
        return expansion;
    }
}
