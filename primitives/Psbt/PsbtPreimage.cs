namespace Dash.Primitives.Psbt;

/// <summary>Hashes whose preimages a PSBT can carry; the numbers are the types of the input map.</summary>
public enum PsbtPreimage : byte
{
    /// <summary>RIPEMD-160.</summary>
    Ripemd160 = 0x0a,

    /// <summary>SHA-256.</summary>
    Sha256 = 0x0b,

    /// <summary>RIPEMD-160 of SHA-256.</summary>
    Hash160 = 0x0c,

    /// <summary>SHA-256 twice.</summary>
    Hash256 = 0x0d,
}
