namespace Dash.Primitives.Scripts;

/// <summary>The standard forms of an output's script.</summary>
public enum ScriptKind
{
    /// <summary>None of the others.</summary>
    NonStandard,

    /// <summary>A public key and OP_CHECKSIG.</summary>
    PubKey,

    /// <summary>Pays the hash of a public key.</summary>
    PubKeyHash,

    /// <summary>Pays the hash of a script (BIP16).</summary>
    ScriptHash,

    /// <summary>m of n public keys.</summary>
    Multisig,

    /// <summary>OP_RETURN and pushes: data nobody can spend.</summary>
    NullData,
}
