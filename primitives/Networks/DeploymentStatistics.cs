namespace Dash.Primitives.Networks;

/// <summary>How the current signalling period goes.</summary>
/// <param name="Period">Blocks of a period.</param>
/// <param name="Threshold">Signals this period needs.</param>
/// <param name="Elapsed">Blocks of it so far.</param>
/// <param name="Count">Signals so far.</param>
/// <param name="IsPossible">Whether the threshold can still be reached in it.</param>
public readonly record struct DeploymentStatistics(int Period, int Threshold, int Elapsed, int Count, bool IsPossible);
