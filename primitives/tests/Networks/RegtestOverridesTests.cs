using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

public sealed class RegtestOverridesTests
{
    [Fact]
    public void Heights_are_moved_by_name()
    {
        string[] names =
        [
            "bip147", "bip34", "dersig", "cltv", "csv", "brr", "dip0001", "dip0008", "dip0024", "v19", "v20", "mn_rr",
        ];
        var overrides = new ChainOverrides
        {
            ActivationHeights = [.. names.Select((name, i) => $"{name}@{600 + i}")],
            FastPrune = true,
        };

        Assert.True(overrides.TryApply(ChainParams.Regtest, out var network, out _));

        var heights = network.Heights;
        Assert.Equal(
            [600, 601, 602, 603, 604, 605, 606, 607, 608, 608, 609, 610, 611],
            new[]
            {
                heights.Bip147, heights.Bip34, heights.Bip66, heights.Bip65, heights.Csv, heights.Brr, heights.Dip0001,
                heights.Dip0008, heights.Dip0024, heights.Dip0024Quorums, heights.V19, heights.V20, heights.MnRr,
            });
        Assert.Equal(100, network.PruneAfterHeight);
        Assert.Equal(432, ChainParams.Regtest.Heights.V20);
    }

    [Fact]
    public void Version_bits_keep_what_is_not_named()
    {
        var overrides = new ChainOverrides { VersionBits = ["testdummy:5:9", "v24:-1:7:12:100:80:60:5:0"] };

        Assert.True(overrides.TryApply(ChainParams.Regtest, out var network, out _));

        Assert.Equal(
            new VersionBitsDeployment("testdummy", 28, 5, 9, 0, 0, 0, 0, false), network.Deployments[0]);
        Assert.Equal(
            new VersionBitsDeployment("v24", 12, -1, 7, 100, 80, 60, 5, false, 12), network.Deployments[1]);
    }

    [Fact]
    public void Other_parameters_follow_their_options()
    {
        var overrides = new ChainOverrides
        {
            Dip3 = "30:50",
            Budget = "240:100:110",
            LlmqTest = "4:3",
            LlmqTestInstantSend = "5:3",
            LlmqTestPlatform = "6:4",
            LlmqTestInstantSendDip0024 = "llmq_test_instantsend",
        };

        Assert.True(overrides.TryApply(ChainParams.Regtest, out var network, out _));

        Assert.Equal((30, 50), (network.Heights.Dip0003, network.Heights.Dip0003Enforcement));
        Assert.Equal(
            (240, 100, 110),
            (network.Payments.MasternodePaymentsStart, network.Payments.BudgetStart, network.Payments.SuperblockStart));
        Assert.Equal((4, 3), (network.LlmqChainLocks.Size, network.LlmqChainLocks.Threshold));
        Assert.Equal((5, 3), (network.LlmqInstantSend.Size, network.LlmqInstantSend.MinSize));
        Assert.Equal((6, 4), (network.LlmqPlatform.Size, network.LlmqPlatform.BadVotesThreshold));
        Assert.Equal(432, network.Heights.V20); // set from the height of DIP3 before the option is read
    }

    [Theory]
    [InlineData("csv", "Invalid format (csv) for -testactivationheight=name@height.")]
    [InlineData("csv@-1", "Invalid height value (csv@-1) for -testactivationheight=name@height.")]
    [InlineData("csv@2147483647", "Invalid height value (csv@2147483647) for -testactivationheight=name@height.")]
    [InlineData("csv@ 1", "Invalid height value (csv@ 1) for -testactivationheight=name@height.")]
    [InlineData("segwit@1", "Invalid name (segwit@1) for -testactivationheight=name@height.")]
    [InlineData("v20@431", "v20 must not be active before dip0003, nor mn_rr before v20")]
    public void Heights_that_make_no_sense_are_refused(string text, string expected) =>
        Refuse(new() { ActivationHeights = [text] }, expected);

    [Theory]
    [InlineData("testdummy:x:1", "Invalid nStartTime (x)")]
    [InlineData("testdummy:1:x", "Invalid nTimeout (x)")]
    [InlineData("testdummy:1:1:x", "Invalid min_activation_height (x)")]
    [InlineData("testdummy:1:1:1:x:1", "Invalid nWindowSize (x)")]
    [InlineData("testdummy:1:1:1:1:x", "Invalid nThresholdStart (x)")]
    [InlineData("testdummy:1:1:1:1:1:x:1:1", "Invalid nThresholdMin (x)")]
    [InlineData("testdummy:1:1:1:1:1:1:x:1", "Invalid nFalloffCoeff (x)")]
    [InlineData("testdummy:1:1:1:1:1:1:1:x", "Invalid nUseEHF (x)")]
    [InlineData("taproot:1:1", "Invalid deployment (taproot)")]
    public void Version_bits_that_make_no_sense_are_refused(string text, string expected) =>
        Refuse(new() { VersionBits = [text] }, expected);

    [Fact]
    public void Other_values_that_make_no_sense_are_refused()
    {
        Refuse(new() { Dip3 = "1" }, "DIP3 parameters malformed, expecting <activation>:<enforcement>");
        Refuse(new() { Dip3 = "1:x" }, "Invalid enforcement height (x)");
        Refuse(new() { Budget = "1:2" }, "Budget parameters malformed, expecting <masternode>:<budget>:<superblock>");
        Refuse(new() { Budget = "1:x:3" }, "Invalid budget start block (x)");
        Refuse(new() { LlmqTest = "" }, "LLMQ_TEST parameters malformed, expecting <size>:<threshold>");
        Refuse(new() { LlmqTestPlatform = "x:1" }, "Invalid LLMQ_TEST_PLATFORM size (x)");
        Refuse(
            new() { LlmqTestInstantSendDip0024 = "x" },
            "Invalid LLMQ type specified for -llmqtestinstantsenddip0024.");
        Assert.True(
            new ChainOverrides { VersionBits = ["x"] }.TryApply(ChainParams.Main, out var main, out _),
            "mainnet has no such option");
        Assert.Same(ChainParams.Main, main);
    }

    private static void Refuse(ChainOverrides overrides, string expected)
    {
        Assert.False(overrides.TryApply(ChainParams.Regtest, out var network, out var error));
        Assert.Equal(expected, error);
        Assert.Same(ChainParams.Regtest, network);
    }
}
