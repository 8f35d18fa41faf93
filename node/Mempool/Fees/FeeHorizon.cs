namespace Dash.Node.Mempool.Fees;

/// <summary>How far back and ahead fee statistics look.</summary>
internal enum FeeHorizon
{
    /// <summary>Twelve blocks.</summary>
    Short,

    /// <summary>Two days of work in 48 blocks.</summary>
    Medium,

    /// <summary>Up to 1,008 blocks.</summary>
    Long,
}
