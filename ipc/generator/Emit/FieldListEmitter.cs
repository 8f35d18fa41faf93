using System.Globalization;
using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>What a method's parameters or results are, for whoever shows them in a log.</summary>
internal sealed class FieldListEmitter(SchemaModel model)
{
    // A struct may hold itself; nobody reads further down in a log.
    private const int MaxDepth = 3;

    /// <summary>An initializer of a property; nothing if there are no fields.</summary>
    public IReadOnlyList<string> Emit(string property, SchemaNode node)
    {
        var fields = Fields(node, 0).ToList();
        return fields.Count == 0 ? [] : [$"{property} =", "[", .. fields.Select(field => $"    {field},"), "],"];
    }

    private IEnumerable<string> Fields(SchemaNode node, int depth) =>
        from field in node.Fields
        let type = field.Type
        where type is { Kind: not TypeKind.Void } && type.TypeId != WellKnown.Context
        select Field(field, type, field.Offset, depth);

    private string Field(SchemaField field, SchemaType type, int offset, int depth)
    {
        var kind = Kind(field, type);
        var text = $"new({Scalars.Text(field.Name)}, ProxyFieldKind.{kind}, {offset.ToString(CultureInfo.InvariantCulture)})";
        List<string> more = [];
        if (!type.IsPointer && field.Default is { Bits: not 0 } value)
        {
            more.Add($"Mask = 0x{value.Bits:x}");
        }

        if (depth < MaxDepth && kind == "Struct")
        {
            more.Add($"Members = [{string.Join(", ", Fields(model[type.TypeId], depth + 1))}]");
        }
        else if (depth < MaxDepth && kind == "List" && type.Element is { } element)
        {
            more.Add($"Members = [{Field(field, element, 0, depth + 1)}]");
        }

        return more.Count == 0 ? text : $"{text} {{ {string.Join(", ", more)} }}";
    }

    private static string Kind(SchemaField field, SchemaType type) => type.Kind switch
    {
        _ when field.Annotations.Has(SchemaAnnotations.Secret) => "Secret",
        TypeKind.Data when IsHash(field, SchemaAnnotations.Type) || IsHash(field, SchemaAnnotations.ElementType) => "Hash",
        TypeKind.Enum => "UInt16",
        TypeKind.Interface or TypeKind.AnyPointer => "Object",
        var kind => kind.ToString(),
    };

    private static bool IsHash(SchemaField field, ulong annotation) =>
        field.Annotations.Text(annotation) is { } type && WellKnown.Hashes.Contains(type);
}
