using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.RpcTests.Support;

/// <summary>A call as JSON, with the name of the argument that may be wrong: empty where their number is.</summary>
internal sealed record WrongCall(string Method, string Place, string Parameters);

/// <summary>
/// Wrong input for every argument of every method, made from the declarations: values of other types, out of range, malformed,
/// at the argument itself and at each member below it; too few arguments and too many. Some of it is accepted.
/// </summary>
internal sealed class WrongCalls(IReadOnlyDictionary<string, string> right)
{
    private const string Zeros = "\"0000000000000000000000000000000000000000000000000000000000000000\"";

    private static readonly string[] Values =
    [
        "null", "true", "0", "1", "-1", "1.5", "99999999999", "-99999999999", "1e30", "21000001", "0.000000001", "\"\"", "\"x\"", "\"*\"", "\"-1\"",
        "\"1\"", "\"00\"", "\"zz\"", Zeros, "\"" + "ab" + "\\u0000cd\"", "\"\\u00e4\\ud83d\\ude00\"", "\"true\"", "[]", "[1]", "[\"x\"]", "[[]]", "[{}]", "[null]", "{}",
        "{\"x\":1}", "{\"\":null}",
    ];

    /// <summary>Of one method.</summary>
    public IEnumerable<WrongCall> Of(RpcMethod method)
    {
        var shown = method.Args.Where(static arg => !arg.IsHidden).ToArray();
        yield return Call(method, "", [.. shown.Select(RightValue), "1"]);
        var required = Array.FindLastIndex(shown, static arg => !arg.IsOptional) + 1;
        for (var count = 0; count < required; count++)
        {
            yield return Call(method, "", shown[..count].Select(RightValue));
        }

        for (var place = 0; place < shown.Length; place++)
        {
            foreach (var value in WrongFor(shown[place]).Distinct())
            {
                yield return Call(
                    method,
                    shown[place].FirstName,
                    [.. shown[..place].Select(RightValue), value, .. shown[(place + 1)..].Take(required - place - 1).Select(RightValue)]);
            }
        }
    }

    private static WrongCall Call(RpcMethod method, string place, IEnumerable<string> values) => new(method.Name, place, string.Join(',', values));

    // The value at the place itself, and in the place of each member below it.
    private IEnumerable<string> WrongFor(RpcArg arg)
    {
        foreach (var value in Values)
        {
            yield return value;
        }

        foreach (var inner in arg.Inner)
        {
            foreach (var value in WrongFor(inner))
            {
                yield return arg.Kind == ArgKind.Array ? $"[{value}]" : ObjectWith(arg, inner, value);
            }
        }
    }

    private string ObjectWith(RpcArg arg, RpcArg inner, string value)
    {
        var others = arg.Inner.Where(other => other != inner && !other.IsOptional).Select(other => $"{Name(other)}:{RightValue(other)}");
        return "{" + string.Join(',', others.Append($"{Name(inner)}:{value}")) + "}";
    }

    private static string Name(RpcArg arg) => JsonSerializer.Serialize(arg.FirstName);

    private string RightValue(RpcArg arg) => right.TryGetValue(arg.FirstName, out var value) ? value : arg.Kind switch
    {
        ArgKind.Bool => "false",
        ArgKind.Num => "1",
        ArgKind.Amount => "0.1",
        ArgKind.Array => arg.Inner is [{ Kind: ArgKind.Object } one] ? $"[{RightValue(one)}]" : "[]",
        ArgKind.Object => "{" + string.Join(',', arg.Inner.Where(static inner => !inner.IsOptional).Select(inner => $"{Name(inner)}:{RightValue(inner)}")) + "}",
        ArgKind.ObjectUserKeys => "{}",
        _ => "\"x\"",
    };
}
