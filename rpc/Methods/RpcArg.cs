using System.Text.Json;

namespace Dash.Rpc.Methods;

/// <summary>
/// Declaration of one argument of a method, or of a member of one. Help, named arguments and the conversion table of
/// <c>dash-cli</c> come from it; the typed form is the key with which a handler reads the value.
/// </summary>
/// <param name="Names">The name, or alternatives as <c>a|b</c>; the first is shown.</param>
/// <param name="Kind">JSON form.</param>
/// <param name="Description">For help; lines separated by a newline.</param>
public abstract record RpcArg(string Names, ArgKind Kind, string Description)
{
    /// <summary>May be left out or null.</summary>
    public bool IsOptional { get; init; }

    /// <summary>What help shows after <c>default=</c>; null shows nothing.</summary>
    public string? DefaultText { get; init; }

    /// <summary>Left out of help, with all arguments after it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Replaces the argument in the first line of help.</summary>
    public string? OneLine { get; init; }

    /// <summary>Replaces the value in the picture of an object, e.g. <c>n or str</c>.</summary>
    public string? ValueText { get; init; }

    /// <summary>Replaces the type in the description, e.g. <c>numeric or string</c>.</summary>
    public string? TypeText { get; init; }

    /// <summary>Members of an object, the element of an array.</summary>
    public IReadOnlyList<RpcArg> Inner { get; init; } = [];

    /// <summary>The name that is shown.</summary>
    public string FirstName { get; } = Names.Split('|')[0];

    /// <summary>True if this name means the argument.</summary>
    public bool HasName(string name) =>
        Names.Length == name.Length
            ? Names == name
            : Names.Length > name.Length && Names.Split('|').Contains(name, StringComparer.Ordinal);
}

/// <summary>An argument that is read as <typeparamref name="T"/>.</summary>
/// <param name="Names">The name, or alternatives as <c>a|b</c>.</param>
/// <param name="Kind">JSON form.</param>
/// <param name="Description">For help.</param>
/// <param name="Read">Reads a present value, or throws an <c>RpcError</c>. Sees null where a required value is null.</param>
/// <param name="Fallback">The value if the argument is optional and absent.</param>
public sealed record RpcArg<T>(
    string Names, ArgKind Kind, string Description, Func<JsonElement, T> Read, T Fallback)
    : RpcArg(Names, Kind, Description);
