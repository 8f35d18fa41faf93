using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Primitives.Networks;

namespace Dash.Node.Chain;

/// <summary>Options that change the rules of regtest and of devnets; names are Dash Core's.</summary>
internal static class NetworkOptions
{
    private static readonly Option<IReadOnlyList<string>> TestActivationHeight = Option.List("testactivationheight=name@height.",
        "From which height on a rule holds: bip147, bip34, dersig, cltv, csv, brr, dip0001, dip0008, dip0024, v19, v20, mn_rr. Can be given "
        + "several times (regtest only)", OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly Option<IReadOnlyList<string>> VersionBits = Option.List(
        "vbparams=<deployment>:<start>:<end>(:min_activation_height(:<window>:<threshold/thresholdstart>(:<thresholdmin>:<falloffcoeff>:<mnactivation>)))",
        "Start, end and further numbers of a rule that miners signal. Can be given several times (regtest only)",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption Dip3 = Option.OptionalStr("dip3params=<activation>:<enforcement>",
        "Heights from which special transactions are allowed and the masternode list is enforced (regtest only)",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption Budget = Option.OptionalStr("budgetparams=<masternode>:<budget>:<superblock>",
        "Heights at which payments to masternodes, budgets and superblocks begin (regtest only)",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption LlmqTest = Option.OptionalStr("llmqtestparams=<size>:<threshold>",
        "Size and threshold of the quorum LLMQ_TEST (default: 3:2, regtest only)", OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption LlmqTestInstantSend = Option.OptionalStr("llmqtestinstantsendparams=<size>:<threshold>",
        "Size and threshold of the quorums LLMQ_TEST_INSTANTSEND (default: 3:2, regtest only)",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption LlmqTestPlatform = Option.OptionalStr("llmqtestplatformparams=<size>:<threshold>",
        "Size and threshold of the quorum LLMQ_TEST_PLATFORM (default: 3:2, regtest only)",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption LlmqTestInstantSendDip0024 = Option.OptionalStr("llmqtestinstantsenddip0024=<quorum name>",
        "The quorum that signs InstantSend locks (default: llmq_test_dip0024, regtest only)",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption MinimumDifficultyBlocks = Option.OptionalStr("minimumdifficultyblocks=<n>",
        "First blocks that may have the least difficulty (default: 0, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption HighSubsidyBlocks = Option.OptionalStr("highsubsidyblocks=<n>",
        "First blocks that pay more than usual (default: 0, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption HighSubsidyFactor = Option.OptionalStr("highsubsidyfactor=<n>",
        "How many times more they pay (default: 1, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption PowTargetSpacing = Option.OptionalStr("powtargetspacing=<n>",
        "Seconds from block to block (default: 150, devnet only)", OptionGroup.ChainSelection, OptionFlags.NoNegation);

    private static readonly OptionalOption LlmqChainLocks = Option.OptionalStr("llmqchainlocks=<quorum name>",
        "The quorum that signs ChainLocks (default: llmq_devnet, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption LlmqInstantSendDip0024 = Option.OptionalStr("llmqinstantsenddip0024=<quorum name>",
        "The quorum that signs InstantSend locks (default: llmq_devnet_dip0024, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption LlmqPlatform = Option.OptionalStr("llmqplatform=<quorum name>",
        "The platform's quorum (default: llmq_devnet_platform, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption LlmqMnHf = Option.OptionalStr("llmqmnhf=<quorum name>",
        "The quorum that signals hard forks (default: llmq_devnet, devnet only)", OptionGroup.ChainSelection);

    private static readonly OptionalOption LlmqDevnet = Option.OptionalStr("llmqdevnetparams=<size>:<threshold>",
        "Size and threshold of the quorum LLMQ_DEVNET (devnet only)", OptionGroup.ChainSelection);

    private static readonly Option<bool> AllowPrivateNet = Option.Bool("allowprivatenet", false,
        "Private IPv4 networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) are as good as public ones: their addresses are told to peers, "
        + "connected to and taken for masternodes (default: {0})", OptionGroup.Connection);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        TestActivationHeight, VersionBits, Dip3, Budget, LlmqTest, LlmqTestInstantSend, LlmqTestPlatform, LlmqTestInstantSendDip0024,
        MinimumDifficultyBlocks, HighSubsidyBlocks, HighSubsidyFactor, PowTargetSpacing, LlmqChainLocks, LlmqInstantSendDip0024,
        LlmqPlatform, LlmqMnHf, LlmqDevnet, AllowPrivateNet,
    ];

    /// <summary>The chosen network as the options want it.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public static ChainParams Read(Options options)
    {
        var network = options.Chain == ChainNames.Devnet
            ? ChainParams.Devnet(options[BaseOptions.Devnet] ?? "")
            : ChainParams.ByName(options.Chain)
                ?? throw new StartupException($"The network {options.Chain} is not supported");
        var overrides = new ChainOverrides
        {
            ActivationHeights = [.. options[TestActivationHeight]],
            VersionBits = [.. options[VersionBits]],
            Dip3 = options[Dip3],
            Budget = options[Budget],
            LlmqTest = options[LlmqTest],
            LlmqTestInstantSend = options[LlmqTestInstantSend],
            LlmqTestPlatform = options[LlmqTestPlatform],
            LlmqTestInstantSendDip0024 = options[LlmqTestInstantSendDip0024],
            FastPrune = options[ChainOptions.FastPrune],
            MinimumDifficultyBlocks = Number(options, MinimumDifficultyBlocks),
            HighSubsidyBlocks = Number(options, HighSubsidyBlocks),
            HighSubsidyFactor = Number(options, HighSubsidyFactor),
            PowTargetSpacing = options[PowTargetSpacing],
            LlmqChainLocks = options[LlmqChainLocks],
            LlmqInstantSendDip0024 = options[LlmqInstantSendDip0024],
            LlmqPlatform = options[LlmqPlatform],
            LlmqMnHf = options[LlmqMnHf],
            LlmqDevnet = options[LlmqDevnet],
        };
        if (!overrides.TryApply(network, out var changed, out var error))
        {
            throw new StartupException(error);
        }

        return ChainOptions.Apply(options, changed with { AllowsPrivateAddresses = options[AllowPrivateNet] });
    }

    private static int? Number(Options options, OptionalOption option) => options.Number(option) is { } given
        ? (int)Math.Clamp(given, int.MinValue, int.MaxValue)
        : null;
}
