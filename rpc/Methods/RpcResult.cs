namespace Dash.Rpc.Methods;

/// <summary>The JSON form of a result or a part of one.</summary>
public enum ResultKind
{
    /// <summary>A text.</summary>
    Str,

    /// <summary>A text of hex digits.</summary>
    Hex,

    /// <summary>A number.</summary>
    Num,

    /// <summary>A number with 8 decimals.</summary>
    Amount,

    /// <summary>A number: seconds since 1970.</summary>
    Time,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>Null.</summary>
    None,

    /// <summary>Anything; not shown in help.</summary>
    Any,

    /// <summary>An object with known members.</summary>
    Object,

    /// <summary>An object whose member names are not known beforehand.</summary>
    ObjectDynamic,

    /// <summary>An array of any length.</summary>
    Array,

    /// <summary>An array with one described place for each element.</summary>
    ArrayFixed,

    /// <summary>More members or elements, described elsewhere.</summary>
    Elision,
}

/// <summary>Declaration of a result, or of a member or element of one: for help, and for <see cref="ResultCheck"/>.</summary>
/// <param name="Kind">JSON form.</param>
/// <param name="Key">Name within an object; otherwise only for the reader.</param>
/// <param name="Description">For help; lines separated by a newline.</param>
public sealed record RpcResult(ResultKind Kind, string Key, string Description)
{
    /// <summary>May be missing from its object.</summary>
    public bool IsOptional { get; init; }

    /// <summary>When a method answers in this form, if it has several: <c>with verbose</c>.</summary>
    public string? Condition { get; init; }

    /// <summary>Members of an object, elements of an array.</summary>
    public IReadOnlyList<RpcResult> Inner { get; init; } = [];

    /// <summary>The same, but it may be missing.</summary>
    public RpcResult Optional() => this with { IsOptional = true };

    /// <summary>The same, for one of several forms.</summary>
    public RpcResult When(string condition) => this with { Condition = condition };
}
