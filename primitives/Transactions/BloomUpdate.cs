namespace Dash.Primitives.Transactions;

/// <summary>What a bloom filter learns from a transaction it matches (BIP37); the numbers are those of the wire.</summary>
public enum BloomUpdate : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The outputs that matched, so that what spends them matches too.</summary>
    All = 1,

    /// <summary>The outputs that matched and pay a public key or a multisig.</summary>
    PubKeyOnly = 2,
}
