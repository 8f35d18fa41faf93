namespace Dash.Primitives.Descriptors;

/// <summary>The function of a descriptor.</summary>
public enum DescriptorKind
{
    /// <summary><c>pk(KEY)</c>: a public key and OP_CHECKSIG.</summary>
    Pk,

    /// <summary><c>pkh(KEY)</c>: the hash of a public key.</summary>
    Pkh,

    /// <summary><c>combo(KEY)</c>: a key in every form it can be paid in.</summary>
    Combo,

    /// <summary><c>multi(m,KEY,…)</c>: m of the keys, in their order.</summary>
    Multi,

    /// <summary><c>sortedmulti(m,KEY,…)</c>: m of the keys, sorted (BIP67).</summary>
    SortedMulti,

    /// <summary><c>sh(SCRIPT)</c>: the hash of a script.</summary>
    Sh,

    /// <summary><c>addr(ADDRESS)</c>.</summary>
    Addr,

    /// <summary><c>raw(HEX)</c>.</summary>
    Raw,
}
