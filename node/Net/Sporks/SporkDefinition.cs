namespace Dash.Node.Net.Sporks;

/// <summary>A switch of the network that its developers can turn.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
internal sealed record SporkDefinition(int Id, string Name)
{
    /// <summary>The value without a message: a time far away, so off.</summary>
    public const long Off = 4070908800;

    /// <summary>All of them, as results list them.</summary>
    public static readonly IReadOnlyList<SporkDefinition> All =
    [
        new(InstantSend, "SPORK_2_INSTANTSEND_ENABLED"),
        new(10002, "SPORK_3_INSTANTSEND_BLOCK_FILTERING"),
        new(10008, "SPORK_9_SUPERBLOCKS_ENABLED"),
        new(KeyGeneration, "SPORK_17_QUORUM_DKG_ENABLED"),
        new(ChainLocks, "SPORK_19_CHAINLOCKS_ENABLED"),
        new(AllConnected, "SPORK_21_QUORUM_ALL_CONNECTED"),
        new(10022, "SPORK_23_QUORUM_POSE"),
    ];

    /// <summary>The number of SPORK_2_INSTANTSEND_ENABLED.</summary>
    public const int InstantSend = 10001;

    /// <summary>The number of SPORK_17_QUORUM_DKG_ENABLED.</summary>
    public const int KeyGeneration = 10016;

    /// <summary>The number of SPORK_19_CHAINLOCKS_ENABLED.</summary>
    public const int ChainLocks = 10018;

    /// <summary>The number of SPORK_21_QUORUM_ALL_CONNECTED.</summary>
    public const int AllConnected = 10020;
}
