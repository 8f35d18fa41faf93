namespace Dash.Primitives.Networks;

/// <summary>What a user may change about a devnet; every node of it must be told the same.</summary>
internal static class DevnetOverrides
{
    public static ChainParams Apply(ChainParams network, ChainOverrides overrides)
    {
        network = network with
        {
            MinimumDifficultyBlocks = overrides.MinimumDifficultyBlocks ?? network.MinimumDifficultyBlocks,
            HighSubsidyBlocks = overrides.HighSubsidyBlocks ?? network.HighSubsidyBlocks,
            HighSubsidyFactor = overrides.HighSubsidyFactor ?? network.HighSubsidyFactor,
        };
        if (overrides.LlmqChainLocks is { } chainLocks)
        {
            network = network with
            {
                LlmqChainLocks = OverrideText.Quorum(network, chainLocks, "llmqchainlocks", rotated: false),
            };
        }

        if (overrides.LlmqInstantSendDip0024 is { } instantSend)
        {
            network = network with
            {
                LlmqInstantSend = OverrideText.Quorum(network, instantSend, "llmqinstantsenddip0024", rotated: true),
            };
        }

        if (overrides.LlmqPlatform is { } platform)
        {
            network = network with
            {
                LlmqPlatform = OverrideText.Quorum(network, platform, "llmqplatform", rotated: null),
            };
        }

        if (overrides.LlmqMnHf is { } mnHf)
        {
            network = network with { LlmqMnHf = OverrideText.Quorum(network, mnHf, "llmqmnhf", rotated: null) };
        }

        if (overrides.LlmqDevnet is { } size)
        {
            network = OverrideText.WithSize(network, LlmqParams.Devnet, "LLMQ_DEVNET", size);
        }

        return overrides.PowTargetSpacing is { } spacing ? WithSpacing(network, spacing) : network;
    }

    private static ChainParams WithSpacing(ChainParams network, string text)
    {
        var seconds = OverrideText.Int64(text, $"Invalid parsing of powTargetSpacing ({text})");

        // Above a day no interval of the oldest rule would have a block.
        return seconds >= 1 && seconds <= network.TargetTimespan
            ? network with { TargetSpacing = (int)seconds }
            : throw OverrideText.Refuse($"Invalid value of powTargetSpacing ({text})");
    }
}
