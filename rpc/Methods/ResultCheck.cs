using System.Text.Json;

namespace Dash.Rpc.Methods;

/// <summary>
/// Compares a result with what the method declares (<c>-rpcdoccheck</c>): types, missing members, members that nobody
/// declared. On in all tests, so help can't go stale.
/// </summary>
public static class ResultCheck
{
    /// <summary>What is wrong with a result, or null. Empty text stands for null.</summary>
    public static string? Find(RpcMethod method, ReadOnlyMemory<byte> result)
    {
        using var document = JsonDocument.Parse(
            result.IsEmpty ? "null"u8.ToArray() : result, new JsonDocumentOptions { MaxDepth = 1024 });
        string? first = null;
        foreach (var form in method.Results)
        {
            var fault = Compare(form, document.RootElement, "result");
            if (fault is null)
            {
                return null;
            }

            first ??= fault;
        }

        return first ?? "no result is declared";
    }

    private static string? Compare(RpcResult declared, JsonElement value, string path) => declared.Kind switch
    {
        ResultKind.Any => null,
        ResultKind.Elision => null,
        ResultKind.None => Is(value, JsonValueKind.Null, path),
        ResultKind.Str => Is(value, JsonValueKind.String, path),
        ResultKind.Hex => Is(value, JsonValueKind.String, path) ??
            (value.GetString()!.All(char.IsAsciiHexDigit) ? null : $"{path} is not hex"),
        ResultKind.Num or ResultKind.Amount or ResultKind.Time => Is(value, JsonValueKind.Number, path),
        ResultKind.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? null
            : $"{path} is {value.ValueKind}, declared as Bool",
        ResultKind.Object => Is(value, JsonValueKind.Object, path) ?? CompareMembers(declared, value, path),
        ResultKind.ObjectDynamic => Is(value, JsonValueKind.Object, path) ?? CompareDynamic(declared, value, path),
        ResultKind.Array => Is(value, JsonValueKind.Array, path) ?? CompareElements(declared, value, path),
        ResultKind.ArrayFixed => Is(value, JsonValueKind.Array, path) ?? CompareFixed(declared, value, path),
        _ => throw new InvalidOperationException($"{declared.Kind} is no kind of result"),
    };

    private static string? CompareMembers(RpcResult declared, JsonElement value, string path)
    {
        foreach (var member in declared.Inner)
        {
            if (member.Kind != ResultKind.Elision && !member.IsOptional && !value.TryGetProperty(member.Key, out _))
            {
                return $"{path}.{member.Key} is missing";
            }
        }

        foreach (var member in value.EnumerateObject())
        {
            // A key may be declared in several forms, e.g. a hash or an object.
            var forms = declared.Inner.Where(inner => inner.Key == member.Name).ToList();
            if (forms.Count == 0)
            {
                if (declared.Inner.Any(inner => inner.Kind == ResultKind.Elision))
                {
                    continue;
                }

                return $"{path}.{member.Name} is not declared";
            }

            if (FirstFault(forms, member.Value, $"{path}.{member.Name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? CompareDynamic(RpcResult declared, JsonElement value, string path)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (FirstFault(declared.Inner, member.Value, $"{path}.{member.Name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? CompareElements(RpcResult declared, JsonElement value, string path)
    {
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            if (FirstFault(declared.Inner, element, $"{path}[{index++}]") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? CompareFixed(RpcResult declared, JsonElement value, string path)
    {
        if (value.GetArrayLength() != declared.Inner.Count)
        {
            return $"{path} has {value.GetArrayLength()} elements, {declared.Inner.Count} are declared";
        }

        for (var i = 0; i < declared.Inner.Count; i++)
        {
            if (Compare(declared.Inner[i], value[i], $"{path}[{i}]") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? FirstFault(IReadOnlyList<RpcResult> forms, JsonElement value, string path)
    {
        string? first = null;
        foreach (var form in forms)
        {
            var fault = Compare(form, value, path);
            if (fault is null)
            {
                return null;
            }

            first ??= fault;
        }

        return first;
    }

    private static string? Is(JsonElement value, JsonValueKind expected, string path) =>
        value.ValueKind == expected ? null : $"{path} is {value.ValueKind}, declared as {expected}";
}
