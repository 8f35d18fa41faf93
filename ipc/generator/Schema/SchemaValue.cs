using Dash.Ipc.Layout;

namespace Dash.Ipc.Generator.Schema;

/// <summary>A value in a schema: a default, a constant, an annotation's argument.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bits">A number's bit pattern; a bool is 0 or 1.</param>
/// <param name="Pointer">A text, data, list or struct.</param>
internal sealed record SchemaValue(TypeKind Kind, ulong Bits, PointerReader Pointer)
{
    /// <summary>Whether the field reads as zero or empty when it is not set.</summary>
    public bool IsZero => Bits == 0 && Pointer.IsNull;
}
