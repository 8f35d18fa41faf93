namespace Dash.Ipc.Layout;

/// <summary>
/// How the elements of a list are stored; the numbers are those of the wire (bits 32 to 35 of a list pointer).
/// </summary>
public enum ElementSize
{
    /// <summary>No bits: only the count says anything.</summary>
    Void = 0,

    /// <summary>One bit, least significant first.</summary>
    Bit = 1,

    /// <summary>One byte.</summary>
    Byte = 2,

    /// <summary>Two bytes.</summary>
    TwoBytes = 3,

    /// <summary>Four bytes.</summary>
    FourBytes = 4,

    /// <summary>Eight bytes.</summary>
    EightBytes = 5,

    /// <summary>A pointer.</summary>
    Pointer = 6,

    /// <summary>Structs in place, behind a tag word with their count and size.</summary>
    Composite = 7,
}
