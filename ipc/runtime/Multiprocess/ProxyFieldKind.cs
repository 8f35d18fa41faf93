namespace Dash.Ipc.Multiprocess;

/// <summary>What a field is, as far as a log has to know.</summary>
public enum ProxyFieldKind
{
    /// <summary>A bit.</summary>
    Bool,

    /// <summary>A signed byte.</summary>
    Int8,

    /// <summary>A signed number of 16 bits.</summary>
    Int16,

    /// <summary>A signed number of 32 bits.</summary>
    Int32,

    /// <summary>A signed number of 64 bits.</summary>
    Int64,

    /// <summary>A byte.</summary>
    UInt8,

    /// <summary>A number of 16 bits, or an enum.</summary>
    UInt16,

    /// <summary>A number of 32 bits.</summary>
    UInt32,

    /// <summary>A number of 64 bits.</summary>
    UInt64,

    /// <summary>A floating point number of 32 bits.</summary>
    Float32,

    /// <summary>A floating point number of 64 bits.</summary>
    Float64,

    /// <summary>A text, of which the beginning is shown.</summary>
    Text,

    /// <summary>Bytes, of which only the number is shown: a block, or worse.</summary>
    Data,

    /// <summary>A hash that everybody may know.</summary>
    Hash,

    /// <summary>What may be a passphrase or a key: nothing of it is shown.</summary>
    Secret,

    /// <summary>A struct.</summary>
    Struct,

    /// <summary>A list, of which the first elements are shown.</summary>
    List,

    /// <summary>A capability, or anything.</summary>
    Object,
}
