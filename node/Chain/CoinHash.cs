namespace Dash.Node.Chain;

/// <summary>Which hash of the set of coins is computed.</summary>
internal enum CoinHash
{
    /// <summary>None: only counted.</summary>
    None,

    /// <summary>Core's <c>hash_serialized_2</c>: over the coins in the order of their names.</summary>
    Serialized,

    /// <summary><c>muhash</c>: in no order, so that it can be kept up to date block by block.</summary>
    MuHash,
}
