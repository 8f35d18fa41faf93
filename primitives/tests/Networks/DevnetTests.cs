using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

public sealed class DevnetTests
{
    // What dashd makes of -devnet and -devnet=foo.
    [Theory]
    [InlineData(
        "",
        "65aeaff7fc5bae2bdf1604f5498108317a79ac56624cffe78e77adc206fe1c8b",
        "040000002e3df23eec5cd6a86edd509539028e2c3a3dc05315eb28f2baa43218ca080000747a19c7b21b7bc837f190a9ff5af314"
        + "df0517803e1c4f09b29aba37371754d8ba968054ffff7f2000000000010100000001000000000000000000000000000000000000"
        + "0000000000000000000000000000ffffffff0851066465766e6574ffffffff0100f2052a01000000016a00000000")]
    [InlineData(
        "foo",
        "64de7c3044c2f46291bd19881ad801e25a910776f4bcf563ef94a726b294ada5",
        "040000002e3df23eec5cd6a86edd509539028e2c3a3dc05315eb28f2baa43218ca0800006ff8de707b5db167f8e4f4bb2bda42d0"
        + "8c01843a567250a5e794732d9704e6d8ba968054ffff7f2001000000010100000001000000000000000000000000000000000000"
        + "0000000000000000000000000000ffffffff0c510a6465766e65742d666f6fffffffff0100f2052a01000000016a00000000")]
    public void The_second_block_of_a_devnet_holds_its_name(string name, string hash, string hex)
    {
        var network = ChainParams.Devnet(name);

        Assert.Equal(hash, network.DevnetGenesis!.Hash.ToString());
        Assert.Equal(hex, Convert.ToHexStringLower(network.DevnetGenesis.ToBytes()));
        Assert.Equal(network.Checkpoints[1], new Checkpoint(1, network.DevnetGenesis.Hash));
        Assert.Equal(name.Length == 0 ? "devnet" : "devnet-" + name, network.DataDirectory);
        Assert.Equal(ChainParams.Regtest.Genesis.Hash, network.Genesis.Hash);
        Assert.Equal(0x207fffffu, network.PowLimitBits);
        Assert.True(ProofOfWork.IsMet(network.DevnetGenesis.Header, network));
        Assert.Contains(network.LlmqChainLocks, network.Llmqs);
        Assert.Contains(network.LlmqInstantSend, network.Llmqs);
        Assert.Contains(network.LlmqPlatform, network.Llmqs);
        Assert.Contains(network.LlmqMnHf, network.Llmqs);
    }

    [Fact]
    public void Options_change_a_devnet()
    {
        var overrides = new ChainOverrides
        {
            MinimumDifficultyBlocks = 10,
            HighSubsidyBlocks = 20,
            HighSubsidyFactor = 3,
            PowTargetSpacing = "30",
            LlmqChainLocks = "llmq_50_60",
            LlmqInstantSendDip0024 = "llmq_60_75",
            LlmqPlatform = "llmq_100_67",
            LlmqMnHf = "llmq_devnet",
            LlmqDevnet = "5:3",
        };

        Assert.True(overrides.TryApply(ChainParams.Devnet("x"), out var network, out _));

        Assert.Equal(
            (10, 20, 3), (network.MinimumDifficultyBlocks, network.HighSubsidyBlocks, network.HighSubsidyFactor));
        Assert.Equal((30, 2880), (network.TargetSpacing, network.DifficultyInterval));
        Assert.Equal(LlmqParams.Llmq50At60, network.LlmqChainLocks);
        Assert.Equal(LlmqParams.Llmq60At75, network.LlmqInstantSend);
        Assert.Equal(LlmqParams.Llmq100At67, network.LlmqPlatform);
        Assert.Equal((5, 3, 3, 3), (
            network.LlmqMnHf.Size, network.LlmqMnHf.MinSize, network.LlmqMnHf.Threshold,
            network.LlmqMnHf.BadVotesThreshold));
        Assert.Contains(network.LlmqMnHf, network.Llmqs);
        Assert.DoesNotContain(LlmqParams.Devnet, network.Llmqs);
    }

    [Fact]
    public void Options_of_a_devnet_are_refused_in_Cores_words()
    {
        Refuse(
            new() { LlmqChainLocks = "llmq_60_75" }, "LLMQ type specified for -llmqchainlocks must NOT use rotation");
        Refuse(
            new() { LlmqInstantSendDip0024 = "llmq_50_60" },
            "LLMQ type specified for -llmqinstantsenddip0024 must use rotation");
        Refuse(new() { LlmqPlatform = "x" }, "Invalid LLMQ type specified for -llmqplatform.");
        Refuse(new() { LlmqMnHf = "" }, "Invalid LLMQ type specified for -llmqmnhf.");
        Refuse(new() { PowTargetSpacing = "x" }, "Invalid parsing of powTargetSpacing (x)");
        Refuse(new() { PowTargetSpacing = "0" }, "Invalid value of powTargetSpacing (0)");
        Refuse(new() { LlmqDevnet = "3" }, "LLMQ_DEVNET parameters malformed, expecting <size>:<threshold>");
        Refuse(new() { LlmqDevnet = "3:x" }, "Invalid LLMQ_DEVNET threshold (x)");

        static void Refuse(ChainOverrides overrides, string expected)
        {
            var network = ChainParams.Devnet("x");
            Assert.False(overrides.TryApply(network, out var changed, out var error));
            Assert.Equal(expected, error);
            Assert.Same(network, changed);
        }
    }
}
