using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>A method as it is in C#: what is passed, what comes back, what may be thrown.</summary>
internal sealed class MethodShape
{
    private readonly SchemaMethod _method;

    private MethodShape(SchemaModel model, Names names, SchemaNode owner, SchemaMethod method)
    {
        _method = method;
        Owner = owner;
        ParamsNode = model[method.ParamsId];
        ResultsNode = model[method.ResultsId];
        var parameters = new SlotList(model, names, ParamsNode);
        ContextPointer = parameters.ContextPointer;
        Params = parameters.Slots;
        var results = new SlotList(model, names, ResultsNode).Slots;
        Results = [.. results.Where(slot => !slot.IsException)];
        Exceptions = [.. results.Where(slot => slot.IsException)];
    }

    /// <summary>The interface that declares it.</summary>
    public SchemaNode Owner { get; }

    public SchemaNode ParamsNode { get; }

    public SchemaNode ResultsNode { get; }

    public int ContextPointer { get; }

    public IReadOnlyList<Slot> Params { get; }

    public IReadOnlyList<Slot> Results { get; }

    public IReadOnlyList<Slot> Exceptions { get; }

    public string SchemaName => _method.Name;

    public ushort Ordinal => _method.Ordinal;

    public string Doc => _method.Doc;

    /// <summary>Whether it is what DisposeAsync calls.</summary>
    public bool IsDestroy => _method.Name == "destroy";

    public string Name => Names.Of(_method);

    /// <summary>Whether no deadline ends a call of it.</summary>
    public bool Waits => _method.Annotations.Has(SchemaAnnotations.Waits);

    /// <summary>The name of the method's description in the interface's list of methods.</summary>
    public string DescriptionName => Names.Pascal(_method.Name);

    /// <summary>The type of what comes back; null if nothing does.</summary>
    public string? ResultType => Results.Count switch
    {
        0 => null,
        1 => Results[0].Type,
        _ => $"({string.Join(", ", Results.Select(r => $"{r.Type} {r.Pascal}"))})",
    };

    /// <summary>The method without modifiers: <c>ValueTask&lt;string&gt; EchoAsync(string echo, CancellationToken ct)</c>.</summary>
    public string Signature
    {
        get
        {
            var task = ResultType is { } type ? $"ValueTask<{type}>" : "ValueTask";
            var parameters = Params.Select(p => $"{p.Type} {p.Camel}, ");
            return $"{task} {Name}({string.Concat(parameters)}CancellationToken ct)";
        }
    }

    /// <summary>The methods an interface declares itself; what the connection does by itself is left out.</summary>
    public static IReadOnlyList<MethodShape> Declared(SchemaModel model, Names names, SchemaNode node) =>
    [
        .. node.Methods
            .Where(m => !m.Annotations.Has(SchemaAnnotations.Skip))
            .Where(m => model[m.ParamsId].Fields.All(f => f.Type?.TypeId != WellKnown.ThreadMap))
            .Select(m => new MethodShape(model, names, node, m)),
    ];

    /// <summary>The methods an object with that interface has: also those of the interfaces it extends.</summary>
    public static IReadOnlyList<MethodShape> All(SchemaModel model, Names names, SchemaNode node) =>
        [.. model.WithSuperclasses(node).SelectMany(n => Declared(model, names, n))];
}
