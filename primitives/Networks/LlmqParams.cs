namespace Dash.Primitives.Networks;

/// <summary>The shape of a kind of long-living masternode quorum (DIP6).</summary>
/// <param name="Type">Its number on the wire.</param>
/// <param name="Name">Its name in replies.</param>
/// <param name="UsesRotation">Members rotate in quarters (DIP24).</param>
/// <param name="Size">Members.</param>
/// <param name="MinSize">Valid members a commitment needs.</param>
/// <param name="Threshold">Members a signature needs.</param>
/// <param name="DkgInterval">Blocks from one key generation to the next.</param>
/// <param name="DkgPhaseBlocks">Blocks of a phase of the key generation.</param>
/// <param name="MiningWindowStart">First block of the interval that may hold the commitment.</param>
/// <param name="MiningWindowEnd">Last block of the interval that may hold the commitment.</param>
/// <param name="BadVotesThreshold">Votes that exclude a member.</param>
/// <param name="SigningActiveQuorumCount">Quorums that sign at the same time.</param>
/// <param name="KeepOldConnections">Quorums whose connections are kept.</param>
/// <param name="KeepOldKeys">Quorums whose keys are kept.</param>
/// <param name="RecoveryMembers">Members that gather a signature.</param>
public sealed record LlmqParams(
    byte Type,
    string Name,
    bool UsesRotation,
    int Size,
    int MinSize,
    int Threshold,
    int DkgInterval,
    int DkgPhaseBlocks,
    int MiningWindowStart,
    int MiningWindowEnd,
    int BadVotesThreshold,
    int SigningActiveQuorumCount,
    int KeepOldConnections,
    int KeepOldKeys,
    int RecoveryMembers)
{
    // Two months of daily quorums, an hour's apart each: 24 * 30 * 2.
    private const int TwoMonthsOfHours = 1440;

    /// <summary>50 members, 60 %.</summary>
    public static readonly LlmqParams Llmq50At60 =
        new(1, "llmq_50_60", false, 50, 40, 30, 24, 2, 10, 18, 40, 24, 25, 48, 25);

    /// <summary>400 members, 60 %.</summary>
    public static readonly LlmqParams Llmq400At60 =
        new(2, "llmq_400_60", false, 400, 300, 240, 288, 4, 20, 28, 300, 4, 5, 8, 100);

    /// <summary>400 members, 85 %.</summary>
    public static readonly LlmqParams Llmq400At85 =
        new(3, "llmq_400_85", false, 400, 350, 340, 576, 4, 20, 48, 300, 4, 5, 8, 100);

    /// <summary>100 members, 67 %, for the platform.</summary>
    public static readonly LlmqParams Llmq100At67 =
        new(4, "llmq_100_67", false, 100, 80, 67, 24, 2, 10, 18, 80, 24, 25, TwoMonthsOfHours, 50);

    /// <summary>60 members, 75 %, rotated, for InstantSend.</summary>
    public static readonly LlmqParams Llmq60At75 =
        new(5, "llmq_60_75", true, 60, 50, 45, 288, 2, 42, 50, 48, 32, 64, 64, 25);

    /// <summary>25 members, 67 %, the testnet's platform quorum.</summary>
    public static readonly LlmqParams Llmq25At67 =
        new(6, "llmq_25_67", false, 25, 22, 17, 24, 2, 10, 18, 22, 24, 25, TwoMonthsOfHours, 12);

    /// <summary>Three members, for tests.</summary>
    public static readonly LlmqParams Test = new(100, "llmq_test", false, 3, 2, 2, 24, 2, 10, 18, 2, 2, 3, 4, 3);

    /// <summary>Twelve members, on devnets.</summary>
    public static readonly LlmqParams Devnet =
        new(101, "llmq_devnet", false, 12, 7, 6, 24, 2, 10, 18, 7, 4, 5, 8, 6);

    /// <summary>Eight members, rotated, on devnets.</summary>
    public static readonly LlmqParams DevnetDip0024 =
        new(105, "llmq_devnet_dip0024", true, 8, 6, 4, 48, 2, 12, 20, 7, 2, 4, 4, 4);

    /// <summary>Twelve members, on devnets, for the platform.</summary>
    public static readonly LlmqParams DevnetPlatform =
        new(107, "llmq_devnet_platform", false, 12, 9, 8, 24, 2, 10, 18, 7, 4, 5, TwoMonthsOfHours, 6);

    /// <summary>Three members, for tests.</summary>
    public static readonly LlmqParams TestV17 =
        new(102, "llmq_test_v17", false, 3, 2, 2, 24, 2, 10, 18, 2, 2, 3, 4, 3);

    /// <summary>Four members, rotated, for tests.</summary>
    public static readonly LlmqParams TestDip0024 =
        new(103, "llmq_test_dip0024", true, 4, 4, 3, 24, 2, 12, 20, 2, 2, 4, 4, 3);

    /// <summary>Three members, for tests of InstantSend.</summary>
    public static readonly LlmqParams TestInstantSend =
        new(104, "llmq_test_instantsend", false, 3, 2, 2, 24, 2, 10, 18, 2, 2, 3, 4, 3);

    /// <summary>Three members, for tests of the platform.</summary>
    public static readonly LlmqParams TestPlatform =
        new(106, "llmq_test_platform", false, 3, 2, 2, 24, 2, 10, 18, 2, 2, 4, TwoMonthsOfHours, 3);
}
