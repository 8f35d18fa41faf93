using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

public sealed class ChainParamsTests
{
    private const string GenesisRoot = "e0028eb9648db56b1ac77cf090b99048a8007e2bb64b68f092c03c7f56a662c7";

    [Theory]
    [InlineData("main")]
    [InlineData("test")]
    [InlineData("regtest")]
    public void Genesis_has_the_root_everybody_knows(string name)
    {
        var chain = ChainParams.ByName(name)!;

        Assert.Equal(GenesisRoot, chain.Genesis.Header.MerkleRoot.ToString());
        Assert.Equal(GenesisRoot, chain.Genesis.Transactions[0].Txid.ToString());
        Assert.Equal(name, chain.Name);
    }

    [Theory]
    [InlineData("main", 0x1e0fffffu)]
    [InlineData("test", 0x1e0fffffu)]
    [InlineData("regtest", 0x207fffffu)]
    public void The_easiest_target_is_within_its_limit(string name, uint bits)
    {
        var chain = ChainParams.ByName(name)!;

        Assert.Equal(bits, chain.PowLimitBits);
        Assert.Equal(576, chain.DifficultyInterval);
        Assert.Null(ChainParams.ByName("signet"));
    }

    [Fact]
    public void Spork_addresses_are_addresses_of_their_network()
    {
        foreach (var chain in new[] { ChainParams.Main, ChainParams.Test, ChainParams.Regtest })
        {
            Assert.All(
                chain.SporkAddresses,
                address => Assert.True(AddressCodec.TryDecode(address, chain.Prefixes, out _, out _)));
            Assert.Contains(chain.LlmqChainLocks, chain.Llmqs);
            Assert.Contains(chain.LlmqInstantSend, chain.Llmqs);
            Assert.Contains(chain.LlmqPlatform, chain.Llmqs);
            Assert.Contains(chain.LlmqMnHf, chain.Llmqs);
        }
    }

    [Fact]
    public void Checkpoints_name_the_blocks_of_real_headers()
    {
        Assert.True(ChainParams.Main.Checkpoints.Length > 30);
        Assert.Equal(
            ChainParams.Main.Checkpoints.OrderBy(checkpoint => checkpoint.Height), ChainParams.Main.Checkpoints);
        Assert.Equal("bf0c6bbd", Hex.Encode(ChainParams.Main.Magic.Span));
    }
}
