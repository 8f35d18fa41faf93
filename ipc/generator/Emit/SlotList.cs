using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>
/// The fields of a struct as a C# programmer sees them: without the context, <c>x</c> and <c>hasX</c> as one, values by
/// their converters.
/// </summary>
internal sealed class SlotList
{
    private readonly SchemaModel _model;
    private readonly Names _names;
    private readonly SchemaNode _node;

    public SlotList(SchemaModel model, Names names, SchemaNode node)
    {
        _model = model;
        _names = names;
        _node = node;
        ContextPointer = node.Fields.FirstOrDefault(IsContext)?.Offset ?? -1;
        var fields = node.Fields.Where(f => !IsContext(f) && f.Type is { Kind: not TypeKind.Void }).ToList();
        var flags = fields.Where(f => IsFlag(f, fields)).ToDictionary(f => f.Name, StringComparer.Ordinal);
        Slots =
        [
            .. fields.Where(f => !flags.ContainsKey(f.Name))
                .Select(f => Make(f, flags.GetValueOrDefault("has" + Names.Pascal(f.Name)))),
        ];
    }

    public IReadOnlyList<Slot> Slots { get; }

    /// <summary>The pointer of the <c>context</c> parameter; -1 without one.</summary>
    public int ContextPointer { get; }

    private static bool IsContext(SchemaField field) => field.Type?.TypeId == WellKnown.Context;

    private static bool IsFlag(SchemaField field, List<SchemaField> fields) =>
        field.Type?.Kind == TypeKind.Bool && fields.Any(f => field.Name == "has" + Names.Pascal(f.Name));

    private Slot Make(SchemaField field, SchemaField? has)
    {
        // Void fields and groups were left out.
        var type = field.Type!;
        var offset = field.Offset;
        var converter = field.Annotations.Text(SchemaAnnotations.Type)
            ?? field.Annotations.Text(SchemaAnnotations.ProxyException);
        if (type.IsPointer && field.Default is { Pointer.IsNull: false })
        {
            throw Unsupported(field, "a default of a pointer");
        }

        if (!type.IsPointer)
        {
            var (scalar, accessor) = Scalars.Of(type.Kind);
            var mask = Scalars.Mask(field.Default);
            var (cs, from, to) = Scalar(type, scalar, converter);
            return new Slot(
                field, has, cs,
                data => from($"{data}.Get{accessor}({offset}{mask})"),
                (data, value) => [$"{data}.Set{accessor}({offset}, {to(value)}{mask});"]);
        }

        if (converter is not null)
        {
            return new Slot(
                field, has, converter,
                data => $"{converter}Converter.Read({data}.GetPointer({offset}))",
                (data, value) => [$"{converter}Converter.Write({data}.GetPointer({offset}), {value});"]);
        }

        var (typeName, read, write) = Pointer(field, type, 0);
        return new Slot(
            field, has, typeName,
            data => read($"{data}.GetPointer({offset})"),
            (data, value) => write($"{data}.GetPointer({offset})", value));
    }

    private (string Type, Func<string, string> From, Func<string, string> To) Scalar(
        SchemaType type, string scalar, string? converter)
    {
        if (converter is not null)
        {
            return (converter, raw => $"{converter}Converter.Read({raw})", value => $"{converter}Converter.Write({value})");
        }

        if (type.Kind != TypeKind.Enum)
        {
            return (scalar, raw => raw, value => value);
        }

        var name = _names.Of(_model[type.TypeId]);
        return (name, raw => $"({name}){raw}", value => $"(ushort){value}");
    }

    private (string Type, Func<string, string> Read, Func<string, string, IEnumerable<string>> Write) Pointer(
        SchemaField field, SchemaType type, int depth)
    {
        switch (type.Kind)
        {
            case TypeKind.Text:
                return ("string", p => p + ".GetText()", (p, v) => [$"{p}.SetText({v});"]);
            case TypeKind.Data:
                // What a secret was received in is wiped after the call.
                var copy = field.Annotations.Has(SchemaAnnotations.Secret) ? ".ToArray()" : "";
                return ("ReadOnlyMemory<byte>", p => $"{p}.GetData(){copy}", (p, v) => [$"{p}.SetData({v}.Span);"]);
            case TypeKind.Struct:
                var target = ValueStruct(field, type);
                var name = _names.Of(target);
                return (name, p => $"{name}.Read({p}.GetStruct())",
                    (p, v) => [$"{v}.Write({p}.InitStruct({target.DataWords}, {target.PointerCount}));"]);
            case TypeKind.Interface:
                var node = _model[type.TypeId];
                var iface = _names.Interface(node);
                // With $Cs.nullable the null pointer was looked for before; a capability may still be missing.
                return (iface,
                    p => $"(connection.Import<{iface}>({p}.GetCapability(), static (target, home) => new {_names.Client(node)}(target, home))"
                        + $" ?? throw new IpcException(\"{field.Name} is null\"))",
                    (p, v) =>
                    [
                        $"{p}.SetCapability(connection.Export<{iface}>({v}, static (target, home) => new {_names.Server(node)}(target, home)));",
                    ]);
            case TypeKind.List:
                // A list has an element type.
                return List(field, type.Element!, depth);
            default:
                throw Unsupported(field, "AnyPointer");
        }
    }

    private (string Type, Func<string, string> Read, Func<string, string, IEnumerable<string>> Write) List(
        SchemaField field, SchemaType element, int depth)
    {
        var (list, index, item) = ($"list{Suffix(depth)}", $"i{Suffix(depth)}", $"item{Suffix(depth)}");
        var size = Scalars.ElementSize(element.Kind);
        var converter = field.Annotations.Text(SchemaAnnotations.ElementType);
        if (element.Kind == TypeKind.Struct && converter is null)
        {
            var target = ValueStruct(field, element);
            var name = _names.Of(target);
            return ($"IReadOnlyList<{name}>",
                p => $"{p}.ReadList({size}, ({list}, {index}) => {name}.Read({list}.GetStruct({index})))",
                (p, v) =>
                [
                    $"{p}.WriteStructList({v}, {target.DataWords}, {target.PointerCount}, ({item}, data{Suffix(depth)}) => {item}.Write(data{Suffix(depth)}));",
                ]);
        }

        if (!element.IsPointer)
        {
            var (scalar, accessor) = Scalars.Of(element.Kind);
            var (cs, from, to) = Scalar(element, scalar, converter);
            return ($"IReadOnlyList<{cs}>",
                p => $"{p}.ReadList({size}, ({list}, {index}) => {from($"{list}.Get{accessor}({index})")})",
                (p, v) =>
                [
                    $"{p}.WriteList({size}, {v}, ({list}, {index}, {item}) => {list}.Set{accessor}({index}, {to(item)}));",
                ]);
        }

        var (typeName, read, write) = converter is null
            ? Pointer(field, element, depth + 1)
            : (converter, p => $"{converter}Converter.Read({p})",
                (p, v) => [$"{converter}Converter.Write({p}, {v});"]);
        return ($"IReadOnlyList<{typeName}>",
            p => $"{p}.ReadList({size}, ({list}, {index}) => {read($"{list}.GetPointer({index})")})",
            (p, v) =>
            [
                $"{p}.WriteList({size}, {v}, ({list}, {index}, {item}) => {string.Join(' ', write($"{list}.GetPointer({index})", item)).TrimEnd(';')});",
            ]);
    }

    private SchemaNode ValueStruct(SchemaField field, SchemaType type)
    {
        var target = _model[type.TypeId];
        return target.Annotations.Has(SchemaAnnotations.Value)
            ? target
            : throw Unsupported(field, $"the struct {target.Name}, which has no $Cs.value,");
    }

    private GeneratorException Unsupported(SchemaField field, string what) =>
        new($"{_node.DisplayName}.{field.Name}: {what} needs $Cs.type to be passed in C#.");

    private static string Suffix(int depth) =>
        depth == 0 ? "" : depth.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
