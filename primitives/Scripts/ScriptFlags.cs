namespace Dash.Primitives.Scripts;

/// <summary>Which rules a script is checked against; the numbers are Core's.</summary>
[Flags]
public enum ScriptFlags
{
    /// <summary>Only what always held.</summary>
    None = 0,

    /// <summary>BIP16: pay to script hash.</summary>
    P2sh = 1 << 0,

    /// <summary>Signatures, hash types and public keys have a defined form.</summary>
    StrictEncoding = 1 << 1,

    /// <summary>BIP66: signatures are strict DER.</summary>
    DerSignatures = 1 << 2,

    /// <summary>The S of a signature is the lower of the two possible.</summary>
    LowS = 1 << 3,

    /// <summary>BIP147: the element a multisig check takes too many is empty.</summary>
    NullDummy = 1 << 4,

    /// <summary>The spending script only pushes.</summary>
    SigPushOnly = 1 << 5,

    /// <summary>Pushes and numbers have their shortest form.</summary>
    MinimalData = 1 << 6,

    /// <summary>NOPs kept for later rules are refused.</summary>
    DiscourageUpgradableNops = 1 << 7,

    /// <summary>Exactly one element is left at the end; asks for <see cref="P2sh"/>.</summary>
    CleanStack = 1 << 8,

    /// <summary>BIP65.</summary>
    CheckLockTimeVerify = 1 << 9,

    /// <summary>BIP112.</summary>
    CheckSequenceVerify = 1 << 10,

    /// <summary>The signatures of a failed check are empty.</summary>
    NullFail = 1 << 14,

    /// <summary>Code separators, and signatures found in the script, are refused.</summary>
    ConstScriptCode = 1 << 16,

    /// <summary>What a transaction must keep or its sender is at fault.</summary>
    Mandatory = P2sh,

    /// <summary>What a transaction must keep to be relayed.</summary>
    Standard = Mandatory | DerSignatures | StrictEncoding | MinimalData | NullDummy | DiscourageUpgradableNops
        | CleanStack | NullFail | CheckLockTimeVerify | CheckSequenceVerify | LowS | ConstScriptCode,
}
