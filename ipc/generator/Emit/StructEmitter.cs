using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>
/// A schema's struct: a type that holds its <c>Reader</c> and <c>Builder</c>, its groups and nested types, and, if the
/// schema asks for it by <c>$Cs.value</c>, is itself the plain C# record of the fields.
/// </summary>
internal sealed class StructEmitter(SchemaModel model, Names names)
{
    public CodeText Emit(SchemaNode node)
    {
        var code = new CodeText();
        Emit(code, node);
        return code;
    }

    private void Emit(CodeText code, SchemaNode node)
    {
        code.Gap().Doc(node.Doc, node.IsGroup
            ? $"The group {Names.Short(node)}."
            : $"The struct {node.Name} of the schema.");
        var value = node.Annotations.Text(SchemaAnnotations.Value);
        if (value is null)
        {
            code.Open($"public static class {Names.Short(node)}");
        }
        else
        {
            new ValueEmitter(model, names).Open(code, node, value);
        }

        if (!node.IsGroup)
        {
            code.Gap().Doc("", "The struct's id.").Line($"public const ulong TypeId = 0x{node.Id:x16};");
        }

        EmitWhich(code, node);
        foreach (var nested in node.NestedIds.Select(id => model[id]))
        {
            switch (nested.Kind)
            {
                case NodeKind.Struct:
                    Emit(code, nested);
                    break;
                case NodeKind.Enum:
                    EnumEmitter.Emit(code.Gap(), nested);
                    break;
                case NodeKind.Const:
                    EmitConst(code, nested);
                    break;
                default:
                    throw new GeneratorException($"{nested.DisplayName}: an interface may not stand in a struct.");
            }
        }

        foreach (var group in node.Fields.Where(f => f.Type is null))
        {
            Emit(code, model[group.GroupId]);
        }

        EmitDefaults(code, node);
        EmitReader(code, node);
        EmitBuilder(code, node);
        code.Close();
    }

    private static void EmitWhich(CodeText code, SchemaNode node)
    {
        if (node.DiscriminantCount == 0)
        {
            return;
        }

        code.Gap().Doc("", "Which field of the union is set. A peer with a newer schema may send another number.")
            .Open("public enum Which : ushort");
        foreach (var arm in node.Fields.Where(f => f.InUnion).OrderBy(f => f.Discriminant))
        {
            code.Gap().Doc(arm.Doc, arm.Name + ".").Line($"{Names.Of(arm)} = {arm.Discriminant},");
        }

        code.Close();
    }

    private static void EmitConst(CodeText code, SchemaNode node)
    {
        if (node is not { ConstType: { } type, ConstValue: { } value } || (type.IsPointer && type.Kind != TypeKind.Text)
            || type.Kind is TypeKind.Void or TypeKind.Enum)
        {
            throw new GeneratorException($"{node.DisplayName}: a constant must be a number, a bool or a text.");
        }

        var name = type.Kind == TypeKind.Text ? "string" : Scalars.Of(type.Kind).Type;
        code.Gap().Doc(node.Doc, $"The constant {node.Name}.")
            .Line($"public const {name} {Names.Short(node)} = {Scalars.Literal(value)};");
    }

    /// <summary>Defaults of lists and structs are messages of their own.</summary>
    private static void EmitDefaults(CodeText code, SchemaNode node)
    {
        foreach (var field in node.Fields.Where(HasPointerDefault))
        {
            using var message = new Messages.MessageBuilder();
            message.Root.SetFrom(field.Default!.Pointer);
            var bytes = string.Join(", ", message.ToFrame().Select(b => $"0x{b:x2}"));
            code.Gap().Line($"private static readonly PointerReader Default{Names.Of(field)} = MessageReader.Parse(")
                .Indented([$"new byte[] {{ {bytes} }},", "new MessageLimits { TraversalWords = long.MaxValue }).Root;"]);
        }
    }

    private void EmitReader(CodeText code, SchemaNode node)
    {
        code.Gap().Doc("", $"Reads a {Names.Short(node)}.")
            .Open("public readonly struct Reader(StructReader raw) : IStructReader<Reader>");
        code.Gap().Doc("", "The struct by offsets.").Line("public StructReader Raw => raw;");
        if (node.DiscriminantCount > 0)
        {
            code.Gap().Doc("", "Which field of the union is set.")
                .Line($"public Which Which => (Which)raw.GetUInt16({node.DiscriminantOffset});");
        }

        foreach (var field in node.Fields.Where(f => f.Type is not { Kind: TypeKind.Void }))
        {
            code.Gap().Doc(field.Doc, $"The field {field.Name}.")
                .Line($"public {ReaderType(field)} {Names.Of(field)} => {ReadExpression(field)};");
            if (field.Type is { IsPointer: true } && !IsTold(node, field))
            {
                code.Gap().Doc("", $"Whether {field.Name} was set.")
                    .Line($"public bool Has{Names.Of(field)} => !raw.GetPointer({field.Offset}).IsNull;");
            }
        }

        code.Gap().Doc("", "Reads a struct by this schema.")
            .Line("public static Reader From(StructReader reader) => new(reader);")
            .Close();
    }

    private string ReaderType(SchemaField field)
    {
        if (field.Type is not { } type)
        {
            return names.Of(model[field.GroupId]) + ".Reader";
        }

        return type.Kind switch
        {
            TypeKind.Enum => names.Of(model[type.TypeId]),
            TypeKind.Text => "string",
            TypeKind.Data => "ReadOnlyMemory<byte>",
            TypeKind.Struct => names.Of(model[type.TypeId]) + ".Reader",
            TypeKind.List when StructElement(type) is { } element => $"StructListReader<{names.Of(element)}.Reader>",
            TypeKind.List => "ListReader",
            TypeKind.Interface => "CapabilityHandle?",
            TypeKind.AnyPointer => type.IsCapability ? "CapabilityHandle?" : "PointerReader",
            _ => Scalars.Of(type.Kind).Type,
        };
    }

    private string ReadExpression(SchemaField field)
    {
        if (field.Type is not { } type)
        {
            return "new(raw)";
        }

        if (!type.IsPointer)
        {
            var read = $"raw.Get{Scalars.Of(type.Kind).Accessor}({field.Offset}{Scalars.Mask(field.Default)})";
            return type.Kind == TypeKind.Enum ? $"({names.Of(model[type.TypeId])}){read}" : read;
        }

        var pointer = $"raw.GetPointer({field.Offset})";
        if (HasPointerDefault(field))
        {
            pointer = $"(raw.GetPointer({field.Offset}).IsNull ? Default{Names.Of(field)} : {pointer})";
        }

        return type.Kind switch
        {
            TypeKind.Text => pointer + ".GetText()",
            TypeKind.Data => pointer + ".GetData()",
            TypeKind.Struct => $"new({pointer}.GetStruct())",
            TypeKind.List when StructElement(type) is not null => $"new({pointer}.GetList(ElementSize.Composite))",
            TypeKind.List => $"{pointer}.GetList({ElementSizeOf(type)})",
            TypeKind.Interface => pointer + ".GetCapability()",
            _ => type.IsCapability ? pointer + ".GetCapability()" : pointer,
        };
    }

    private void EmitBuilder(CodeText code, SchemaNode node)
    {
        code.Gap().Doc("", $"Builds a {Names.Short(node)}.")
            .Open("public readonly struct Builder(StructBuilder raw) : IStructBuilder<Builder>");
        code.Gap().Doc("", "Words of the data section.").Line($"public static int DataWords => {node.DataWords};");
        code.Gap().Doc("", "Pointers of the pointer section.")
            .Line($"public static int PointerCount => {node.PointerCount};");
        code.Gap().Doc("", "The struct by offsets.").Line("public StructBuilder Raw => raw;");
        if (node.DiscriminantCount > 0)
        {
            code.Gap().Doc("", "Which field of the union is set.")
                .Line($"public Which Which => (Which)raw.GetUInt16({node.DiscriminantOffset});");
        }

        foreach (var field in node.Fields)
        {
            EmitBuilderField(code, node, field);
        }

        code.Gap().Doc("", "What was built so far, as its reader will see it; valid as long as the builder.")
            .Line("public Reader AsReader() => new(raw.AsReader());");
        code.Gap().Doc("", "Builds a struct by this schema.")
            .Line("public static Builder From(StructBuilder builder) => new(builder);");
        if (node.DiscriminantCount > 0)
        {
            EmitSelect(code, node);
        }

        code.Close();
    }

    private void EmitBuilderField(CodeText code, SchemaNode node, SchemaField field)
    {
        var name = Names.Of(field);
        var doc = $"The field {field.Name}.";
        var select = field.InUnion ? $"Select(Which.{name}); " : "";
        var pointer = $"raw.GetPointer({field.Offset})";
        if (field.Type is not { } type)
        {
            var group = names.Of(model[field.GroupId]) + ".Builder";
            code.Gap().Doc(field.Doc, doc).Line(field.InUnion
                ? $"public {group} Init{name}() {{ {select}return new(raw); }}"
                : $"public {group} {name} => new(raw);");
            return;
        }

        if (type.Kind == TypeKind.Void)
        {
            if (field.InUnion)
            {
                code.Gap().Doc(field.Doc, doc).Line($"public void Set{name}() => Select(Which.{name});");
            }

            return;
        }

        if (!type.IsPointer)
        {
            var (scalar, accessor) = Scalars.Of(type.Kind);
            var mask = Scalars.Mask(field.Default);
            var isEnum = type.Kind == TypeKind.Enum;
            var cs = isEnum ? names.Of(model[type.TypeId]) : scalar;
            code.Gap().Doc(field.Doc, doc).Open($"public {cs} {name}")
                .Line($"get => {(isEnum ? $"({cs})" : "")}raw.Get{accessor}({field.Offset}{mask});")
                .Line($"set {{ {select}raw.Set{accessor}({field.Offset}, {(isEnum ? "(ushort)" : "")}value{mask}); }}")
                .Close();
            return;
        }

        if (!IsTold(node, field))
        {
            code.Gap().Doc("", $"Whether {field.Name} was set.").Line($"public bool Has{name} => !{pointer}.IsNull;");
        }

        var isCapability = type.Kind == TypeKind.Interface || type.IsCapability;
        if (type.Kind is TypeKind.Text or TypeKind.Data || isCapability)
        {
            var (cs, suffix) = type.Kind switch
            {
                TypeKind.Text => ("string", "Text"),
                TypeKind.Data => ("ReadOnlySpan<byte>", "Data"),
                _ => ("CapabilityHandle?", "Capability"),
            };
            var get = $"{pointer}.AsReader().Get{suffix}(){(type.Kind == TypeKind.Data ? ".Span" : "")}";
            code.Gap().Doc(field.Doc, doc).Open($"public {cs} {name}")
                .Line($"get => {get};")
                .Line($"set {{ {select}{pointer}.Set{suffix}(value); }}")
                .Close();
            if (type.Kind == TypeKind.Data)
            {
                code.Gap().Doc("", $"Makes room for {field.Name}, to be filled by the caller.")
                    .Line($"public Span<byte> Init{name}(int count) {{ {select}return {pointer}.InitData(count); }}");
            }

            return;
        }

        switch (type.Kind)
        {
            case TypeKind.Struct:
                var target = model[type.TypeId];
                var builder = names.Of(target) + ".Builder";
                var size = $"{target.DataWords}, {target.PointerCount}";
                code.Gap().Doc(field.Doc, doc + " Made when it is asked for first.")
                    .Line($"public {builder} {name} {{ get {{ {select}return new({pointer}.GetStruct({size})); }} }}");
                code.Gap().Doc("", $"Makes a new {field.Name}.")
                    .Line($"public {builder} Init{name}() {{ {select}return new({pointer}.InitStruct({size})); }}");
                code.Gap().Doc("", $"Copies into {field.Name}.")
                    .Line($"public void Set{name}({names.Of(target)}.Reader value) {{ {select}{pointer}.SetStruct(value.Raw); }}");
                break;
            case TypeKind.List when StructElement(type) is { } element:
                var list = names.Of(element) + ".Builder";
                code.Gap().Doc(field.Doc, $"Makes a new list {field.Name}.").Line(
                    $"public StructListBuilder<{list}> Init{name}(int count) {{ {select}return {pointer}.InitStructList<{list}>(count); }}");
                break;
            case TypeKind.List:
                code.Gap().Doc(field.Doc, $"Makes a new list {field.Name}.").Line(
                    $"public ListBuilder Init{name}(int count) {{ {select}return {pointer}.InitList({ElementSizeOf(type)}, count); }}");
                break;
            default:
                code.Gap().Doc(field.Doc, doc)
                    .Line($"public PointerBuilder {name} {{ get {{ {select}return {pointer}; }} }}");
                break;
        }
    }

    /// <summary>Fields of a union share their storage, so that changing from one to another clears it.</summary>
    private void EmitSelect(CodeText code, SchemaNode node)
    {
        code.Gap().Open("private void Select(Which which)")
            .Open("if (Which == which)").Line("return;").Close()
            .Line();
        var clears = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var arm in node.Fields.Where(f => f.InUnion))
        {
            Clear(arm, clears);
        }

        code.Lines(clears).Line($"raw.SetUInt16({node.DiscriminantOffset}, (ushort)which);").Close();
    }

    private void Clear(SchemaField field, SortedSet<string> clears)
    {
        if (field.Type is not { } type)
        {
            var group = model[field.GroupId];
            foreach (var member in group.Fields)
            {
                Clear(member, clears);
            }

            if (group.DiscriminantCount > 0)
            {
                clears.Add($"raw.SetUInt16({group.DiscriminantOffset}, 0);");
            }
        }
        else if (type.IsPointer)
        {
            clears.Add($"raw.GetPointer({field.Offset}).Clear();");
        }
        else if (type.Kind != TypeKind.Void)
        {
            var zero = type.Kind == TypeKind.Bool ? "false" : "0";
            clears.Add($"raw.Set{Scalars.Of(type.Kind).Accessor}({field.Offset}, {zero});");
        }
    }

    /// <summary>Whether the schema itself has a field that tells whether this one is set.</summary>
    private static bool IsTold(SchemaNode node, SchemaField field) =>
        node.Fields.Any(f => Names.Of(f) == "Has" + Names.Of(field));

    private SchemaNode? StructElement(SchemaType list) =>
        list.Element is { Kind: TypeKind.Struct } element ? model[element.TypeId] : null;

    // Only asked of lists, which have an element type.
    private static string ElementSizeOf(SchemaType list) => Scalars.ElementSize(list.Element!.Kind);

    private static bool HasPointerDefault(SchemaField field) =>
        field is { Type.IsPointer: true, Default.Pointer.IsNull: false };
}
