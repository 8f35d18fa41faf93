using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>
/// The plain C# interface of a schema's interface, which objects implement and clients look like, and the list that tells
/// the wire's numbers of its methods.
/// </summary>
internal sealed class InterfaceEmitter(SchemaModel model, Names names)
{
    public CodeText Emit(SchemaNode node)
    {
        if (node.NestedIds.Count > 0)
        {
            throw new GeneratorException($"{node.DisplayName}: types that stand in an interface must stand beside it.");
        }

        var bases = node.SuperclassIds.Count == 0
            ? "IAsyncDisposable"
            : string.Join(", ", node.SuperclassIds.Select(id => names.Interface(model[id])));
        var code = new CodeText().Doc(node.Doc, $"The interface {node.Name} of the schema.")
            .Open($"public interface {names.Interface(node)} : {bases}");
        foreach (var method in MethodShape.Declared(model, names, node).Where(m => !m.IsDestroy))
        {
            code.Gap().Doc(method.Doc, $"The method {method.SchemaName} of the schema.").Line($"public {method.Signature};");
        }

        return code.Close();
    }

    public CodeText EmitMethods(SchemaNode node)
    {
        var code = new CodeText().Doc("", $"The methods of {names.Interface(node)} as the wire knows them.")
            .Open($"internal static class {MethodsClass(names, node)}");
        foreach (var method in MethodShape.Declared(model, names, node))
        {
            code.Gap().Line($"public static readonly ProxyMethod {method.DescriptionName} = new(").Indented(
            [
                $"0x{node.Id:x16}, {method.Ordinal}, \"{Names.Short(node)}\", \"{method.SchemaName}\", "
                    + $"{method.ParamsNode.DataWords}, {method.ParamsNode.PointerCount}, "
                    + $"{method.ResultsNode.DataWords}, {method.ResultsNode.PointerCount}, {method.ContextPointer})",
            ]);
            var fields = new FieldListEmitter(model);
            code.Line("{").Indented(
            [
                .. fields.Emit("Params", method.ParamsNode),
                .. fields.Emit("Results", method.ResultsNode),
                $"Waits = {(method.Waits ? "true" : "false")},",
            ]).Line("};");
        }

        return code.Close();
    }

    public static string MethodsClass(Names names, SchemaNode node) => names.Of(node) + "Methods";

    /// <summary>An expression for a method's description.</summary>
    public static string Description(Names names, MethodShape method) =>
        $"{MethodsClass(names, method.Owner)}.{method.DescriptionName}";
}
