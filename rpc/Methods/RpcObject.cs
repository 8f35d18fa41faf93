using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Methods;

/// <summary>
/// An argument that is an object with declared members, checked when it is read: no unknown member, the right types. Like
/// the request it came with, it must not outlive the call.
/// </summary>
public sealed class RpcObject
{
    private readonly IReadOnlyList<RpcArg> _fields;

    private RpcObject(JsonElement value, IReadOnlyList<RpcArg> fields)
    {
        Value = value;
        _fields = fields;
    }

    /// <summary>The object as it came.</summary>
    public JsonElement Value { get; }

    /// <summary>The value of a member, or its fallback.</summary>
    public T Get<T>(RpcArg<T> field)
    {
        var value = Raw(field);
        return field.IsOptional && value.IsAbsent() ? field.Fallback : field.Read(value);
    }

    /// <summary>True if the member is there and not null.</summary>
    public bool Has(RpcArg field) => !Raw(field).IsAbsent();

    /// <summary>Reads and checks an object.</summary>
    /// <exception cref="RpcError">Code -3.</exception>
    public static RpcObject Read(JsonElement value, IReadOnlyList<RpcArg> fields)
    {
        value.AsObject();
        foreach (var field in fields)
        {
            Check(Member(value, field), field);
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!fields.Any(field => field.HasName(member.Name)))
            {
                throw new RpcError(RpcErrorCode.Type, $"Unexpected key {member.Name}");
            }
        }

        return new RpcObject(value, fields);
    }

    /// <summary>A member as it came; absent if it did not.</summary>
    public JsonElement Raw(RpcArg field) =>
        _fields.Any(declared => ReferenceEquals(declared, field))
            ? Member(Value, field)
            : throw new InvalidOperationException($"The object has no declared member {field.Names}");

    private static JsonElement Member(JsonElement value, RpcArg field)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (field.HasName(member.Name))
            {
                return member.Value;
            }
        }

        return default;
    }

    private static void Check(JsonElement value, RpcArg field)
    {
        if (value.IsAbsent())
        {
            if (!field.IsOptional)
            {
                throw new RpcError(RpcErrorCode.Type, $"Missing {field.FirstName}");
            }

            return;
        }

        var expected = field.TypeText is not null ? null : field.Kind switch
        {
            ArgKind.Str or ArgKind.Hex => "string",
            ArgKind.Num => "number",
            ArgKind.Bool => "bool",
            ArgKind.Array => "array",
            ArgKind.Object or ArgKind.ObjectUserKeys => "object",
            _ => null,
        };
        if (expected is not null && JsonValues.TypeName(value) != expected)
        {
            throw new RpcError(
                RpcErrorCode.Type,
                $"JSON value of type {JsonValues.TypeName(value)} for field {field.FirstName} is not of expected type {expected}");
        }
    }
}
