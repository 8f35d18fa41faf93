namespace Dash.Node.Mempool.Fees;

/// <summary>A range of fee rates and what became of the transactions in it.</summary>
/// <param name="Start">Duffs per 1,000 bytes; -1 when there is no such range.</param>
/// <param name="End">Duffs per 1,000 bytes, inclusive.</param>
/// <param name="WithinTarget">Transactions confirmed in time (all of them moving averages).</param>
/// <param name="Confirmed">Transactions confirmed at all.</param>
/// <param name="InMempool">Transactions that still wait, for longer than the target.</param>
/// <param name="LeftMempool">Transactions that were dropped after waiting for longer than the target.</param>
internal sealed record FeeRange(
    double Start, double End, double WithinTarget, double Confirmed, double InMempool, double LeftMempool)
{
    /// <summary>No range.</summary>
    public static FeeRange None { get; } = new(-1, -1, 0, 0, 0, 0);

    /// <summary>Whether there is one.</summary>
    public bool Exists => Start >= 0;
}
