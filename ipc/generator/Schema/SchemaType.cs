namespace Dash.Ipc.Generator.Schema;

/// <summary>The type of a field or constant. Type parameters are pointers to anything.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="TypeId">The declaration, of an enum, struct or interface.</param>
/// <param name="Element">The elements' type, of a list.</param>
/// <param name="IsCapability">Of an AnyPointer: it is declared to be a capability of whatever interface.</param>
internal sealed record SchemaType(TypeKind Kind, ulong TypeId, SchemaType? Element, bool IsCapability)
{
    /// <summary>Whether it lives in the pointer section.</summary>
    public bool IsPointer => Kind is TypeKind.Text or TypeKind.Data or TypeKind.List or TypeKind.Struct
        or TypeKind.Interface or TypeKind.AnyPointer;
}
