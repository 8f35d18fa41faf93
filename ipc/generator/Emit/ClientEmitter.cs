using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>The client of an interface: the C# interface over an object of the other process.</summary>
internal sealed class ClientEmitter(SchemaModel model, Names names)
{
    public CodeText Emit(SchemaNode node)
    {
        var methods = MethodShape.All(model, names, node);
        var destroy = methods.FirstOrDefault(m => m.IsDestroy) is { } method
            ? InterfaceEmitter.Description(names, method)
            : "null";
        var code = new CodeText().Doc("", $"An {names.Interface(node)} of the other process.")
            .Open($"public sealed class {names.Client(node)} : ProxyClient, {names.Interface(node)}");
        code.Gap().Doc("", "Makes the client of an object; one reference to it belongs to the client from now on.")
            .Line($"public {names.Client(node)}(Capability target, ProxyConnection connection)")
            .Indented([$": base(target, connection, {destroy})"])
            .Line("{")
            .Line("}");
        foreach (var one in methods.Where(m => !m.IsDestroy))
        {
            Emit(code, one);
        }

        return code.Close();
    }

    private void Emit(CodeText code, MethodShape method)
    {
        var description = InterfaceEmitter.Description(names, method);
        var (argsType, args) = method.Params.Count switch
        {
            0 => ("int", "0"),
            1 => (method.Params[0].Type, method.Params[0].Camel),
            _ => ($"({string.Join(", ", method.Params.Select(p => $"{p.Type} {p.Pascal}"))})",
                $"({string.Join(", ", method.Params.Select(p => p.Camel))})"),
        };
        code.Gap().Line("/// <inheritdoc/>");
        code.Line(method.ResultType is { } type
            ? $"public {method.Signature} => CallAsync<{argsType}, {type}>("
            : $"public async {method.Signature} => await CallAsync<{argsType}, bool>(");
        var body = new CodeText().Line($"{description},").Line($"{args},");
        body.Open("static (fields, args, connection) =>");
        foreach (var slot in method.Params)
        {
            slot.Write(body, "fields", method.Params.Count == 1 ? "args" : $"args.{slot.Pascal}");
        }

        body.Close(",").Open("static (fields, connection) =>");
        foreach (var thrown in method.Exceptions)
        {
            body.Open($"if (!fields.GetPointer({thrown.Field.Offset}).IsNull)")
                .Line($"throw {thrown.Read("fields")};").Close().Line();
        }

        body.Line($"return {Result(method)};").Close(",")
            .Line(method.ResultType is null ? "ct).ConfigureAwait(false);" : "ct);");
        code.Indented(body.ToString().TrimEnd('\n').Split('\n'));
    }

    private static string Result(MethodShape method) => method.Results.Count switch
    {
        0 => "true",
        1 => method.Results[0].Read("fields"),
        _ => $"({string.Join(", ", method.Results.Select(r => r.Read("fields")))})",
    };
}
