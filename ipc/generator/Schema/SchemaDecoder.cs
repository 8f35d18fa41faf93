using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Generator.Schema;

/// <summary>
/// Reads the compiler's CodeGeneratorRequest. The offsets are those of the public schema.capnp; they are written out here
/// because the generator cannot be needed to build itself.
/// </summary>
internal static class SchemaDecoder
{
    public static SchemaModel Decode(MessageReader request)
    {
        // CodeGeneratorRequest: nodes p0, requestedFiles p1, sourceInfo p3.
        var root = request.Root.GetStruct();
        var docs = Structs(root.GetPointer(3)).ToDictionary(
            info => info.GetUInt64(0),
            info => (Node: info.GetPointer(0).GetText(),
                Members: Structs(info.GetPointer(1)).Select(m => m.GetPointer(0).GetText()).ToArray()));
        var nodes = new Dictionary<ulong, SchemaNode>();
        foreach (var node in Structs(root.GetPointer(0)))
        {
            var (doc, members) = docs.GetValueOrDefault(node.GetUInt64(0), ("", []));
            nodes.Add(node.GetUInt64(0), Node(node, doc, members));
        }

        return new SchemaModel(nodes, [.. Structs(root.GetPointer(1)).Select(file => file.GetUInt64(0))]);
    }

    // Node, 5 words and 6 pointers: id b0-64, displayName p0, displayNamePrefixLength b64-96, tag b96-112,
    // scopeId b128-192, nestedNodes p1, annotations p2; the arms' lists start at p3.
    private static SchemaNode Node(StructReader node, string doc, string[] memberDocs)
    {
        var displayName = node.GetPointer(0).GetText();
        var common = new SchemaNode
        {
            Id = node.GetUInt64(0),
            DisplayName = displayName,
            Name = displayName[(int)node.GetUInt32(2)..],
            ScopeId = node.GetUInt64(2),
            Kind = (NodeKind)node.GetUInt16(6),
            NestedIds = [.. Structs(node.GetPointer(1)).Select(nested => nested.GetUInt64(0))],
            Annotations = Annotations(node.GetPointer(2)),
            Doc = doc,
        };
        return common.Kind switch
        {
            NodeKind.Struct => common with
            {
                DataWords = node.GetUInt16(7),
                PointerCount = node.GetUInt16(12),
                IsGroup = node.GetBool(224),
                DiscriminantCount = node.GetUInt16(15),
                DiscriminantOffset = (int)node.GetUInt32(8),
                Fields = [.. Structs(node.GetPointer(3)).Select((f, i) => Field(f, Doc(memberDocs, i)))],
            },
            NodeKind.Enum => common with
            {
                Enumerants = [.. Structs(node.GetPointer(3)).Select((e, i) => new SchemaEnumerant(
                    e.GetPointer(0).GetText(), Annotations(e.GetPointer(1)), Doc(memberDocs, i)))],
            },
            NodeKind.Interface => common with
            {
                Methods = [.. Structs(node.GetPointer(3)).Select((m, i) => Method(m, (ushort)i, Doc(memberDocs, i)))],
                SuperclassIds = [.. Structs(node.GetPointer(4)).Select(s => s.GetUInt64(0))],
            },
            NodeKind.Const => common with
            {
                ConstType = Type(node.GetPointer(3).GetStruct()),
                ConstValue = Value(node.GetPointer(4).GetStruct()),
            },
            _ => common,
        };
    }

    // Field, 3 words and 4 pointers: name p0, annotations p1, discriminantValue b16-32 = 65535, slot offset b32-64,
    // tag b64-80, slot type p2, slot defaultValue p3, group typeId b128-192.
    private static SchemaField Field(StructReader field, string doc)
    {
        var isGroup = field.GetUInt16(4) == 1;
        return new SchemaField
        {
            Name = field.GetPointer(0).GetText(),
            Discriminant = field.GetUInt16(1, 0xffff),
            Offset = (int)field.GetUInt32(1),
            Type = isGroup ? null : Type(field.GetPointer(2).GetStruct()),
            Default = isGroup ? null : Value(field.GetPointer(3).GetStruct()),
            GroupId = isGroup ? field.GetUInt64(2) : 0,
            Annotations = Annotations(field.GetPointer(1)),
            Doc = doc,
        };
    }

    // Method, 3 words and 5 pointers: name p0, annotations p1, paramStructType b64-128, resultStructType b128-192.
    private static SchemaMethod Method(StructReader method, ushort ordinal, string doc) => new(
        method.GetPointer(0).GetText(), ordinal, method.GetUInt64(1), method.GetUInt64(2),
        Annotations(method.GetPointer(1)), doc);

    // Type, 3 words and 1 pointer: tag b0-16, typeId b64-128, list element p0; of AnyPointer: its own tag b64-80 and,
    // if that is "unconstrained", the kind b80-96, where 3 is a capability.
    private static SchemaType Type(StructReader type)
    {
        var kind = (TypeKind)type.GetUInt16(0);
        return new SchemaType(
            kind,
            kind is TypeKind.Enum or TypeKind.Struct or TypeKind.Interface ? type.GetUInt64(1) : 0,
            kind == TypeKind.List ? Type(type.GetPointer(0).GetStruct()) : null,
            kind == TypeKind.AnyPointer && type.GetUInt16(4) == 0 && type.GetUInt16(5) == 3);
    }

    // Value, 2 words and 1 pointer: tag b0-16; bool b16, 8 and 16 bits b16-, 32 bits b32-64, 64 bits b64-128; p0.
    private static SchemaValue Value(StructReader value)
    {
        var kind = (TypeKind)value.GetUInt16(0);
        var bits = kind switch
        {
            TypeKind.Bool => value.GetBool(16) ? 1UL : 0UL,
            TypeKind.Int8 or TypeKind.UInt8 => value.GetByte(2),
            TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Enum => value.GetUInt16(1),
            TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Float32 => value.GetUInt32(1),
            TypeKind.Int64 or TypeKind.UInt64 or TypeKind.Float64 => value.GetUInt64(1),
            _ => 0UL,
        };
        return new SchemaValue(kind, bits, value.GetPointer(0));
    }

    // Annotation, 1 word and 2 pointers: id b0-64, value p0.
    private static SchemaAnnotations Annotations(PointerReader list)
    {
        var values = new Dictionary<ulong, SchemaValue>();
        foreach (var annotation in Structs(list))
        {
            values[annotation.GetUInt64(0)] = Value(annotation.GetPointer(0).GetStruct());
        }

        return new SchemaAnnotations(values);
    }

    private static IEnumerable<StructReader> Structs(PointerReader pointer)
    {
        var list = pointer.GetList(ElementSize.Composite);
        for (var i = 0; i < list.Count; i++)
        {
            yield return list.GetStruct(i);
        }
    }

    private static string Doc(string[] docs, int index) => index < docs.Length ? docs[index] : "";
}
