using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>How declarations are called in C#.</summary>
internal sealed class Names(SchemaModel model)
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const",
        "continue", "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern",
        "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface",
        "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override",
        "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof",
        "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint",
        "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    // Members every generated reader or builder has.
    private static readonly HashSet<string> Taken =
        ["Which", "From", "Raw", "AsReader", "DataWords", "PointerCount", "Reader", "Builder", "Select"];

    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    public static string Camel(string name)
    {
        var camel = char.ToLowerInvariant(name[0]) + name[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    public static string Of(SchemaField field)
    {
        var name = Pascal(field.Annotations.Text(SchemaAnnotations.Name) ?? field.Name);
        return Taken.Contains(name) ? name + "Field" : name;
    }

    public static string Of(SchemaMethod method) =>
        Pascal(method.Annotations.Text(SchemaAnnotations.Name) ?? method.Name) + "Async";

    public static string Of(SchemaEnumerant enumerant) =>
        Pascal(enumerant.Annotations.Text(SchemaAnnotations.Name) ?? enumerant.Name);

    /// <summary>The name of a declaration itself, without what it is declared in.</summary>
    public static string Short(SchemaNode node) =>
        node.Annotations.Text(SchemaAnnotations.Name) ?? Pascal(node.Name[(node.Name.LastIndexOf('.') + 1)..]);

    /// <summary>The name from its namespace on: <c>PromisedAnswer.Op</c>.</summary>
    public string Of(SchemaNode node)
    {
        var scope = model[node.ScopeId];
        return scope.Kind == NodeKind.File ? Short(node) : Of(scope) + "." + Short(node);
    }

    public string Interface(SchemaNode node) => "I" + Of(node);

    public string Client(SchemaNode node) => Of(node) + "Client";

    public string Server(SchemaNode node) => Of(node) + "Server";

    public string NamespaceOf(SchemaNode node)
    {
        var file = model.FileOf(node);
        return file.Annotations.Text(SchemaAnnotations.Namespace)
            ?? throw new GeneratorException($"{file.DisplayName}: needs $Cs.namespace(\"...\").");
    }
}
