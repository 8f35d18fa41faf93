namespace Dash.Ipc.Generator.Schema;

/// <summary>A declaration: a file, struct, group, enum, interface, constant or annotation.</summary>
internal sealed record SchemaNode
{
    public required ulong Id { get; init; }

    /// <summary>File and path, for messages: <c>rpc.capnp:Call</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The last part of <see cref="DisplayName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is declared in; 0 for files and for parameters and results.</summary>
    public required ulong ScopeId { get; init; }

    public required NodeKind Kind { get; init; }

    public required IReadOnlyList<ulong> NestedIds { get; init; }

    public required SchemaAnnotations Annotations { get; init; }

    public required string Doc { get; init; }

    public int DataWords { get; init; }

    public int PointerCount { get; init; }

    public bool IsGroup { get; init; }

    public int DiscriminantCount { get; init; }

    /// <summary>In units of 16 bits.</summary>
    public int DiscriminantOffset { get; init; }

    public IReadOnlyList<SchemaField> Fields { get; init; } = [];

    public IReadOnlyList<SchemaEnumerant> Enumerants { get; init; } = [];

    public IReadOnlyList<SchemaMethod> Methods { get; init; } = [];

    public IReadOnlyList<ulong> SuperclassIds { get; init; } = [];

    public SchemaType? ConstType { get; init; }

    public SchemaValue? ConstValue { get; init; }
}
