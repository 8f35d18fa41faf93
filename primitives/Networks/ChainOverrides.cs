using System.Collections.Immutable;

namespace Dash.Primitives.Networks;

/// <summary>
/// The options that change a test network, as texts: <c>-testactivationheight</c> and others for regtest,
/// <c>-llmqdevnetparams</c> and others for devnets. What a network has no option for is not looked at. Null and empty
/// mean: not given.
/// </summary>
public sealed record ChainOverrides
{
    /// <summary>Regtest, <c>-testactivationheight</c>: <c>name@height</c> each.</summary>
    public ImmutableArray<string> ActivationHeights { get; init; } = [];

    /// <summary>Regtest, <c>-vbparams</c>: three, four, six or nine values each, with colons.</summary>
    public ImmutableArray<string> VersionBits { get; init; } = [];

    /// <summary>Regtest, <c>-dip3params</c>: <c>activation:enforcement</c>.</summary>
    public string? Dip3 { get; init; }

    /// <summary>Regtest, <c>-budgetparams</c>: <c>masternode:budget:superblock</c>.</summary>
    public string? Budget { get; init; }

    /// <summary>Regtest, <c>-llmqtestparams</c>: <c>size:threshold</c>.</summary>
    public string? LlmqTest { get; init; }

    /// <summary>Regtest, <c>-llmqtestinstantsendparams</c>: <c>size:threshold</c>.</summary>
    public string? LlmqTestInstantSend { get; init; }

    /// <summary>Regtest, <c>-llmqtestplatformparams</c>: <c>size:threshold</c>.</summary>
    public string? LlmqTestPlatform { get; init; }

    /// <summary>Regtest, <c>-llmqtestinstantsenddip0024</c>: name of a quorum.</summary>
    public string? LlmqTestInstantSendDip0024 { get; init; }

    /// <summary>Regtest, <c>-fastprune</c>: prune from height 100 on.</summary>
    public bool FastPrune { get; init; }

    /// <summary>Devnet, <c>-minimumdifficultyblocks</c>.</summary>
    public int? MinimumDifficultyBlocks { get; init; }

    /// <summary>Devnet, <c>-highsubsidyblocks</c>.</summary>
    public int? HighSubsidyBlocks { get; init; }

    /// <summary>Devnet, <c>-highsubsidyfactor</c>.</summary>
    public int? HighSubsidyFactor { get; init; }

    /// <summary>Devnet, <c>-powtargetspacing</c>: seconds.</summary>
    public string? PowTargetSpacing { get; init; }

    /// <summary>Devnet, <c>-llmqchainlocks</c>: name of a quorum that does not rotate.</summary>
    public string? LlmqChainLocks { get; init; }

    /// <summary>Devnet, <c>-llmqinstantsenddip0024</c>: name of a quorum that rotates.</summary>
    public string? LlmqInstantSendDip0024 { get; init; }

    /// <summary>Devnet, <c>-llmqplatform</c>: name of a quorum.</summary>
    public string? LlmqPlatform { get; init; }

    /// <summary>Devnet, <c>-llmqmnhf</c>: name of a quorum.</summary>
    public string? LlmqMnHf { get; init; }

    /// <summary>Devnet, <c>-llmqdevnetparams</c>: <c>size:threshold</c>.</summary>
    public string? LlmqDevnet { get; init; }

    /// <summary>
    /// The network with these changes. When a text makes no sense, <paramref name="error"/> is Core's message and the
    /// network is as it was.
    /// </summary>
    public bool TryApply(ChainParams network, out ChainParams changed, out string error)
    {
        ArgumentNullException.ThrowIfNull(network);
        changed = network;
        error = "";
        try
        {
            changed = network.Name switch
            {
                "regtest" => RegtestOverrides.Apply(network, this),
                "devnet" => DevnetOverrides.Apply(network, this),
                _ => network,
            };
            return true;
        }
        catch (FormatException refusal)
        {
            error = refusal.Message;
            return false;
        }
    }
}
