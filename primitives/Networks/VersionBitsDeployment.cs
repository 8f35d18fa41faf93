namespace Dash.Primitives.Networks;

/// <summary>A rule that miners signal by a bit of the block version (BIP9), with Dash's falling threshold.</summary>
/// <param name="Name">As the deployment RPC calls it.</param>
/// <param name="Bit">Bit of the block version.</param>
/// <param name="StartTime">Median time in seconds from which signals count, or <see cref="NeverActive"/>.</param>
/// <param name="Timeout">Median time in seconds after which it has failed, or <see cref="NoTimeout"/>.</param>
/// <param name="Window">Blocks of a signalling period; 0 for the network's.</param>
/// <param name="ThresholdStart">Signals a first period needs; 0 for the network's.</param>
/// <param name="ThresholdMin">Signals it needs at least, however many periods have passed.</param>
/// <param name="Falloff">How fast the need falls from one to the other.</param>
/// <param name="UsesMasternodeSignal">Whether masternodes must signal first (DIP23).</param>
/// <param name="MinActivationHeight">Height before which it is not active, though locked in.</param>
public sealed record VersionBitsDeployment(
    string Name,
    int Bit,
    long StartTime,
    long Timeout,
    int Window,
    int ThresholdStart,
    int ThresholdMin,
    int Falloff,
    bool UsesMasternodeSignal,
    int MinActivationHeight = 0)
{
    /// <summary>A start time that means: not on this network.</summary>
    public const long NeverActive = -2;

    /// <summary>A start time that means: from the first block.</summary>
    public const long AlwaysActive = -1;

    /// <summary>A timeout that never comes.</summary>
    public const long NoTimeout = long.MaxValue;
}
