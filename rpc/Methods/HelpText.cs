using System.Globalization;
using System.Text;

namespace Dash.Rpc.Methods;

/// <summary>
/// Help of a method, made from its declaration in Dash Core's layout:
/// <code>
/// name "required" ( optional )
///
/// Description.
///
/// Arguments:
/// 1. required    (string, required) What it is.
/// 2. optional    (numeric, optional, default=1) What it is.
///
/// Result:
/// {                 (json object)
///   "key" : n       (numeric) What it is.
/// }
///
/// Examples:
/// > dash-cli name "value"
/// </code>
/// </summary>
public static class HelpText
{
    /// <summary>The whole help, ended by a newline.</summary>
    public static string Render(RpcMethod method)
    {
        var visible = method.Args.TakeWhile(arg => !arg.IsHidden).ToList();
        StringBuilder text = new(Signature(method.Name, visible));
        text.Append("\n\n").Append(method.Description.Trim()).Append('\n');
        AppendArguments(text, visible);
        AppendResults(text, method.Results);
        AppendExamples(text, method);
        return text.ToString();
    }

    /// <summary>The first line: the name and its arguments, optional ones in parentheses.</summary>
    public static string Signature(RpcMethod method) =>
        Signature(method.Name, method.Args.TakeWhile(arg => !arg.IsHidden));

    private static string Signature(string name, IEnumerable<RpcArg> args)
    {
        StringBuilder text = new(name);
        var isOpen = false;
        foreach (var arg in args)
        {
            if (arg.IsOptional != isOpen)
            {
                text.Append(isOpen ? " )" : " (");
                isOpen = arg.IsOptional;
            }

            text.Append(' ').Append(arg.OneLine ?? Picture(arg, isShort: true));
        }

        return text.Append(isOpen ? " )" : "").ToString();
    }

    private static void AppendArguments(StringBuilder text, List<RpcArg> args)
    {
        if (args.Count == 0)
        {
            return;
        }

        text.Append("\nArguments:\n");
        HelpColumns columns = new();
        for (var i = 0; i < args.Count; i++)
        {
            var number = (i + 1).ToString(CultureInfo.InvariantCulture);
            columns.Add($"{number}. {args[i].FirstName}", Describe(args[i], isNamed: true));
            if (IsStructure(args[i]))
            {
                AddStructure(columns, args[i], indent: 5, isTop: true, isMember: false);
            }
        }

        columns.AppendTo(text);
    }

    /// <summary>Opening line, one line for each inner value, closing line.</summary>
    private static void AddStructure(HelpColumns columns, RpcArg arg, int indent, bool isTop, bool isMember)
    {
        var (open, close) = arg.Kind == ArgKind.Array ? ('[', ']') : ('{', '}');
        var margin = new string(' ', indent);
        var key = isMember ? $"\"{arg.FirstName}\": " : "";
        columns.Add($"{margin}{key}{open}", isTop ? "" : Describe(arg, isMember));
        foreach (var inner in arg.Inner)
        {
            AddInner(columns, inner, indent + 2, isMember: arg.Kind != ArgKind.Array);
        }

        if (arg.Kind != ArgKind.Object)
        {
            columns.Add($"{margin}  ...");
        }

        columns.Add($"{margin}{close}{(isTop ? "" : ",")}");
    }

    private static void AddInner(HelpColumns columns, RpcArg arg, int indent, bool isMember)
    {
        if (IsStructure(arg))
        {
            AddStructure(columns, arg, indent, isTop: false, isMember);
            return;
        }

        var picture = (isMember, arg.ValueText) switch
        {
            (true, { } value) => $"\"{arg.FirstName}\": {value}",
            (true, null) => MemberPicture(arg, isShort: false),
            _ => Picture(arg, isShort: false),
        };
        columns.Add($"{new string(' ', indent)}{picture},", Describe(arg, isMember));
    }

    private static bool IsStructure(RpcArg arg) =>
        arg.Kind is ArgKind.Array or ArgKind.Object or ArgKind.ObjectUserKeys;

    /// <summary>An argument as one would type it.</summary>
    private static string Picture(RpcArg arg, bool isShort)
    {
        if (isShort && arg.OneLine is { } oneLine)
        {
            return oneLine;
        }

        return arg.Kind switch
        {
            ArgKind.Str or ArgKind.Hex => $"\"{arg.FirstName}\"",
            ArgKind.Object => $"{{{Members(arg, isShort)}}}",
            ArgKind.ObjectUserKeys => $"{{{Members(arg, isShort)},...}}",
            ArgKind.Array => $"[{string.Concat(arg.Inner.Select(inner => Picture(inner, isShort) + ","))}...]",
            _ => arg.FirstName,
        };
    }

    private static string Members(RpcArg arg, bool isShort) =>
        string.Join(",", arg.Inner.Select(inner => MemberPicture(inner, isShort)));

    private static string MemberPicture(RpcArg arg, bool isShort)
    {
        var value = arg.Kind switch
        {
            ArgKind.Str => "\"str\"",
            ArgKind.Hex => "\"hex\"",
            ArgKind.Num => "n",
            ArgKind.Range => "n or [n,n]",
            ArgKind.Amount => "amount",
            ArgKind.Bool => "bool",
            _ => Picture(arg, isShort),
        };
        return $"\"{arg.FirstName}\":{(isShort ? "" : " ")}{value}";
    }

    private static string Describe(RpcArg arg, bool isNamed)
    {
        var type = arg.TypeText ?? arg.Kind switch
        {
            ArgKind.Str or ArgKind.Hex => "string",
            ArgKind.Num => "numeric",
            ArgKind.Amount => "numeric or string",
            ArgKind.Range => "numeric or array",
            ArgKind.Bool => "boolean",
            ArgKind.Array => "json array",
            _ => "json object",
        };
        var need = arg switch
        {
            { IsOptional: false } => isNamed ? ", required" : "",
            { DefaultText: { } fallback } => $", optional, default={fallback}",
            _ => isNamed ? ", optional" : "",
        };
        return Join($"({type}{need})", arg.Description);
    }

    private static void AppendResults(StringBuilder text, IReadOnlyList<RpcResult> results)
    {
        foreach (var result in results)
        {
            if (result.Kind == ResultKind.Any)
            {
                continue;
            }

            text.Append(result.Condition is { } when ? $"\nResult ({when}):\n" : "\nResult:\n");
            HelpColumns columns = new();
            AddResult(columns, result, indent: 0, isMember: false, isTop: true);
            columns.AppendTo(text);
        }
    }

    private static void AddResult(HelpColumns columns, RpcResult result, int indent, bool isMember, bool isTop)
    {
        var margin = new string(' ', indent);
        var end = isTop ? "" : ",";
        var key = isMember && result.Kind is not (ResultKind.Elision or ResultKind.None)
            ? $"\"{result.Key}\" : "
            : "";
        var (picture, type) = result.Kind switch
        {
            ResultKind.Str => ("\"str\"", "string"),
            ResultKind.Hex => ("\"hex\"", "string"),
            ResultKind.Num or ResultKind.Amount => ("n", "numeric"),
            ResultKind.Time => ("xxx", "numeric"),
            ResultKind.Bool => ("true|false", "boolean"),
            ResultKind.None => ("null", "json null"),
            ResultKind.Array or ResultKind.ArrayFixed => ("[", "json array"),
            ResultKind.Object or ResultKind.ObjectDynamic => ("{", "json object"),
            _ => ("...", ""),
        };
        if (result.Kind is ResultKind.Elision or ResultKind.Any)
        {
            columns.Add($"{margin}{key}...{end}", result.Description);
            return;
        }

        var about = Join($"({type}{(result.IsOptional ? ", optional" : "")})", result.Description);
        switch (picture)
        {
            case "{" when result.Inner.Count == 0:
                about = Join($"(empty JSON object{(result.IsOptional ? ", optional" : "")})", result.Description);
                columns.Add($"{margin}{key}{{}}", about);
                return;
            case "{" or "[":
                columns.Add($"{margin}{key}{picture}", about);
                AddInnerResults(columns, result, indent);
                columns.Add($"{margin}{(picture == "[" ? "]" : "}")}{end}");
                return;
            default:
                columns.Add($"{margin}{key}{picture}{end}", about);
                return;
        }
    }

    private static void AddInnerResults(HelpColumns columns, RpcResult result, int indent)
    {
        var isMember = result.Kind is ResultKind.Object or ResultKind.ObjectDynamic;
        foreach (var inner in result.Inner)
        {
            AddResult(columns, inner, indent + 2, isMember, isTop: false);
        }

        var goesOn = result.Kind is ResultKind.Array or ResultKind.ObjectDynamic;
        if (goesOn && result.Inner[^1].Kind != ResultKind.Elision)
        {
            columns.Add($"{new string(' ', indent + 2)}...");
        }
        else
        {
            columns.DropLastComma();
        }
    }

    private static void AppendExamples(StringBuilder text, RpcMethod method)
    {
        if (method.Examples.Count == 0)
        {
            return;
        }

        text.Append("\nExamples:\n");
        foreach (var example in method.Examples)
        {
            if (example.Title is { } title)
            {
                text.Append('\n').Append(title).Append('\n');
            }

            text.Append(example.Render(method.Name));
        }
    }

    private static string Join(string type, string description) =>
        description.Length == 0 ? type : $"{type} {description}";
}
