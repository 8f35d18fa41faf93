namespace Dash.Primitives.Scripts;

/// <summary>What of a transaction a signature covers: the last byte of a signature, 32 bits when hashed.</summary>
[Flags]
public enum SigHashType
{
    /// <summary>Not a type of its own.</summary>
    Undefined = 0,

    /// <summary>All outputs.</summary>
    All = 1,

    /// <summary>No output.</summary>
    None = 2,

    /// <summary>The output at the input's place only.</summary>
    Single = 3,

    /// <summary>Added to the others: only this input.</summary>
    AnyoneCanPay = 0x80,
}
