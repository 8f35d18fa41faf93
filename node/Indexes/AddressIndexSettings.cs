namespace Dash.Node.Indexes;

/// <summary>Which of the indexes are kept that lie in the database of the block index.</summary>
/// <param name="Address">What each address got and spent, and its unspent outputs (<c>-addressindex</c>).</param>
/// <param name="Spent">Which input spent an output (<c>-spentindex</c>).</param>
/// <param name="Timestamp">Blocks by their time (<c>-timestampindex</c>).</param>
internal sealed record AddressIndexSettings(bool Address, bool Spent, bool Timestamp)
{
    /// <summary>Whether none is kept.</summary>
    public bool IsNone => !Address && !Spent && !Timestamp;
}
