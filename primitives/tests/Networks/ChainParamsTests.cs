using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

public sealed class ChainParamsTests
{
    private const string GenesisRoot = "e0028eb9648db56b1ac77cf090b99048a8007e2bb64b68f092c03c7f56a662c7";

    [Theory]
    [InlineData("main", "00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6")]
    [InlineData("test", "00000bafbc94add76cb75e2ec92894837288a481e5c005f6563d91623bf8bc2c")]
    [InlineData("regtest", "000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e")]
    public void Genesis_has_the_hash_and_root_everybody_knows(string name, string hash)
    {
        var chain = ChainParams.ByName(name)!;

        Assert.Equal(hash, chain.Genesis.Hash.ToString());
        Assert.True(CompactTarget.CheckProofOfWork(chain.Genesis.Hash, chain.Genesis.Header.Bits, chain.PowLimit));
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

    [Theory]
    [InlineData("devnet", "")]
    [InlineData("devnet-", "")]
    [InlineData("devnet-foo", "foo")]
    public void A_devnet_is_found_by_its_own_name(string name, string own)
    {
        var chain = ChainParams.ByName(name)!;

        Assert.Equal("devnet", chain.Name);
        Assert.Equal(ChainParams.Devnet(own).DevnetGenesis!.Hash, chain.DevnetGenesis!.Hash);
        Assert.Equal(own.Length == 0 ? "devnet" : name, chain.DevnetName);
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
    public void Checkpoints_go_upwards()
    {
        Assert.True(ChainParams.Main.Checkpoints.Length > 30);
        Assert.Equal(
            ChainParams.Main.Checkpoints.OrderBy(checkpoint => checkpoint.Height), ChainParams.Main.Checkpoints);
        Assert.Equal("bf0c6bbd", Hex.Encode(ChainParams.Main.Magic.Span));
    }
}
