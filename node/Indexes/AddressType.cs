namespace Dash.Node.Indexes;

/// <summary>What kind of address a script pays, as the address index numbers them.</summary>
internal enum AddressType : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>A key, or the hash of one.</summary>
    PubKeyHash = 1,

    /// <summary>The hash of a script.</summary>
    ScriptHash = 2,
}
