using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// Puts named parameters into positions. A member <c>args</c> (an array) gives the first ones by position beside named
/// ones. Positions left out are null, except at the end, where they do not exist.
/// </summary>
internal static class NamedArguments
{
    private const string Positional = "args";

    /// <exception cref="RpcError">Code -8: a name unknown or given twice.</exception>
    public static List<JsonElement> ToPositions(JsonElement parameters, IReadOnlyList<RpcArg> declared)
    {
        // In the order given, so that the error about unknown names is always about the same one.
        List<KeyValuePair<string, JsonElement>> given = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var member in parameters.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                throw Refused($"Parameter {member.Name} specified multiple times");
            }

            given.Add(new(member.Name, member.Value));
        }

        List<JsonElement> named = [];
        var firstNamed = declared.Count;
        for (var i = 0; i < declared.Count; i++)
        {
            var index = IndexOf(given, declared[i]);
            if (index < 0)
            {
                continue;
            }

            firstNamed = Math.Min(firstNamed, i);
            named.AddRange(Enumerable.Repeat(default(JsonElement), i - named.Count));
            named.Add(given[index].Value);
            given.RemoveAt(index);
        }

        var positional = given.FindIndex(member => member.Key == Positional);
        if (positional >= 0)
        {
            named = Join(given[positional].Value, named, declared, firstNamed);
            given.RemoveAt(positional);
        }

        return given.Count == 0 ? named : throw Refused($"Unknown named parameter {given[0].Key}");
    }

    private static List<JsonElement> Join(
        JsonElement positional, List<JsonElement> named, IReadOnlyList<RpcArg> declared, int firstNamed)
    {
        if (positional.ValueKind != JsonValueKind.Array)
        {
            return named;
        }

        var count = positional.GetArrayLength();
        if (firstNamed < count && firstNamed < declared.Count)
        {
            throw Refused(
                $"Parameter {declared[firstNamed].Names} specified twice both as positional and named argument");
        }

        return [.. positional.EnumerateArray(), .. named.Skip(count)];
    }

    private static int IndexOf(List<KeyValuePair<string, JsonElement>> given, RpcArg arg)
    {
        foreach (var name in arg.Names.Split('|'))
        {
            var index = given.FindIndex(member => member.Key == name);
            if (index >= 0)
            {
                return index;
            }
        }

        return -1;
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
