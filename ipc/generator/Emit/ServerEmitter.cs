using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>The server of an interface: reads a call's parameters, awaits the object of ours, writes its results.</summary>
internal sealed class ServerEmitter(SchemaModel model, Names names)
{
    public CodeText Emit(SchemaNode node)
    {
        var methods = MethodShape.All(model, names, node);
        var called = methods.Where(m => !m.IsDestroy).ToList();
        var code = new CodeText().Doc("", $"An {names.Interface(node)} of ours, for the other process to call.")
            .Open($"public sealed class {names.Server(node)} : ProxyServer");
        code.Line($"private readonly {names.Interface(node)} _target;");
        code.Gap().Doc("", "Makes the server of an object.")
            .Line($"public {names.Server(node)}({names.Interface(node)} target, ProxyConnection connection)")
            .Indented([": base(target, connection) => _target = target;"]);

        code.Gap().Line("/// <inheritdoc/>")
            .Open("protected override ProxyMethod? FindMethod(ulong interfaceId, ushort methodId) => (interfaceId, methodId) switch");
        foreach (var method in methods)
        {
            code.Line($"{Numbers(method)} => {InterfaceEmitter.Description(names, method)},");
        }

        code.Line("_ => null,").Close(";");

        code.Gap().Line("/// <inheritdoc/>")
            .Line("protected override ValueTask DispatchAsync(")
            .Indented(["ulong interfaceId, ushort methodId, ProxyCall call, CancellationToken ct) => (interfaceId, methodId) switch"])
            .Line("{").Indented(
            [
                .. called.Select(m => $"{Numbers(m)} => {m.Name}(call, ct),"),
                .. model.WithSuperclasses(node).Select(n =>
                    $"(0x{n.Id:x16}, _) => throw IpcException.UnknownMethod(\"{FileAndName(n)}\", interfaceId, methodId),"),
                $"_ => throw IpcException.UnknownInterface(\"{FileAndName(node)}\", interfaceId),",
            ])
            .Line("};");
        foreach (var method in called)
        {
            Emit(code, method);
        }

        return code.Close();
    }

    private static void Emit(CodeText code, MethodShape method)
    {
        code.Gap().Open($"private async ValueTask {method.Name}(ProxyCall call, CancellationToken ct)");
        if (method.Params.Count > 0)
        {
            code.Line("var fields = call.Params;");
        }

        if (method.Params.Concat(method.Results).Any(s => s.Read("").Contains("connection.", StringComparison.Ordinal)))
        {
            code.Line("var connection = call.Connection;");
        }

        foreach (var slot in method.Params)
        {
            code.Line($"var {slot.Camel} = {slot.Read("fields")};");
        }

        var await = $"await _target.{method.Name}({string.Concat(method.Params.Select(p => p.Camel + ", "))}ct).ConfigureAwait(false);";
        if (method.Exceptions.Count == 0)
        {
            code.Line(method.ResultType is null ? await : "var returned = " + await);
        }
        else
        {
            EmitGuarded(code, method, await);
        }

        var size = $"{method.ResultsNode.DataWords}, {method.ResultsNode.PointerCount}";
        code.Line(method.Results.Count == 0 ? $"call.InitResults({size});" : $"var results = call.InitResults({size});");
        foreach (var slot in method.Results)
        {
            slot.Write(code, "results", method.Results.Count == 1 ? "returned" : $"returned.{slot.Pascal}");
        }

        code.Close();
    }

    private static void EmitGuarded(CodeText code, MethodShape method, string await)
    {
        if (method.ResultType is { } type)
        {
            code.Line($"{type} returned;");
        }

        code.Open("try").Line(method.ResultType is null ? await : "returned = " + await).Close();
        foreach (var thrown in method.Exceptions)
        {
            var size = $"{method.ResultsNode.DataWords}, {method.ResultsNode.PointerCount}";
            code.Open($"catch ({thrown.Type} failure)").Line($"var failed = call.InitResults({size});");
            thrown.Write(code, "failed", "failure");
            code.Line("return;").Close();
        }

        code.Line();
    }

    private static string Numbers(MethodShape method) => $"(0x{method.Owner.Id:x16}, {method.Ordinal})";

    private static string FileAndName(SchemaNode node) => node.DisplayName[(node.DisplayName.LastIndexOf('/') + 1)..];
}
