namespace Dash.Node.Net.Connecting;

/// <summary>How many connections of each kind there may be.</summary>
/// <param name="Max">All together, without those the user asked for.</param>
internal sealed record ConnectionCounts(int Max)
{
    /// <summary>Automatic connections for everything.</summary>
    public int MaxFullRelay => Math.Min(8, Max);

    /// <summary>Automatic connections for blocks only.</summary>
    public int MaxBlockRelay => Math.Min(2, Max - MaxFullRelay);

    /// <summary>Of those for everything, onion services that are looked for and kept where we are in their network.</summary>
    public int MaxOnion => Math.Min(2, Max / 2);

    /// <summary>Connections we make, with the one that tries addresses.</summary>
    public int MaxOutbound => MaxFullRelay + MaxBlockRelay + 1;

    /// <summary>Connections others make.</summary>
    public int MaxInbound => Math.Max(0, Max - MaxOutbound);
}
