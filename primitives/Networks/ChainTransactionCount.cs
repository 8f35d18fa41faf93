namespace Dash.Primitives.Networks;

/// <summary>
/// How many transactions the chain had at a time (seconds since 1970) and how many a second come since: for showing
/// progress.
/// </summary>
public sealed record ChainTransactionCount(long Time, long Count, double PerSecond);
