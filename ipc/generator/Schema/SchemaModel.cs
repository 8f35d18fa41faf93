namespace Dash.Ipc.Generator.Schema;

/// <summary>All declarations of a compiler's request, and which files code is wanted for.</summary>
internal sealed class SchemaModel(
    IReadOnlyDictionary<ulong, SchemaNode> nodes, IReadOnlyList<ulong> requestedFileIds)
{
    public IReadOnlyList<ulong> RequestedFileIds { get; } = requestedFileIds;

    public SchemaNode this[ulong id] => nodes.TryGetValue(id, out var node)
        ? node
        : throw new GeneratorException($"The request refers to a declaration it does not hold: @0x{id:x}.");

    /// <summary>The file a declaration stands in.</summary>
    public SchemaNode FileOf(SchemaNode node)
    {
        while (node.Kind != NodeKind.File)
        {
            node = this[node.ScopeId];
        }

        return node;
    }

    /// <summary>An interface and all it extends, each once, the interface itself first.</summary>
    public IReadOnlyList<SchemaNode> WithSuperclasses(SchemaNode node)
    {
        var all = new List<SchemaNode> { node };
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(all[i].SuperclassIds.Select(id => this[id]).Where(n => !all.Contains(n)));
        }

        return all;
    }
}
