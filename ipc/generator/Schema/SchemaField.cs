namespace Dash.Ipc.Generator.Schema;

/// <summary>A field of a struct, of a group, or of a method's parameters or results.</summary>
internal sealed record SchemaField
{
    private const ushort NoDiscriminant = 0xffff;

    public required string Name { get; init; }

    public required ushort Discriminant { get; init; }

    /// <summary>In units of the type's size; of pointers, the index.</summary>
    public required int Offset { get; init; }

    /// <summary>Null for a group.</summary>
    public required SchemaType? Type { get; init; }

    public required SchemaValue? Default { get; init; }

    /// <summary>The group's node, if it is one.</summary>
    public required ulong GroupId { get; init; }

    public required SchemaAnnotations Annotations { get; init; }

    public required string Doc { get; init; }

    public bool InUnion => Discriminant != NoDiscriminant;
}
