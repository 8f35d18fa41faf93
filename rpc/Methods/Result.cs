namespace Dash.Rpc.Methods;

/// <summary>Makes results. At the top level the key is only for the reader; <c>when</c> tells several forms apart.</summary>
public static class Result
{
    /// <summary>A text.</summary>
    public static RpcResult Str(string key, string description, bool optional = false, string? when = null) =>
        Of(ResultKind.Str, key, description, optional, when);

    /// <summary>A text of hex digits.</summary>
    public static RpcResult Hex(string key, string description, bool optional = false, string? when = null) =>
        Of(ResultKind.Hex, key, description, optional, when);

    /// <summary>A number.</summary>
    public static RpcResult Num(string key, string description, bool optional = false, string? when = null) =>
        Of(ResultKind.Num, key, description, optional, when);

    /// <summary>An amount in DASH.</summary>
    public static RpcResult Amount(string key, string description, bool optional = false, string? when = null) =>
        Of(ResultKind.Amount, key, description, optional, when);

    /// <summary>Seconds since 1970.</summary>
    public static RpcResult Time(string key, string description, bool optional = false, string? when = null) =>
        Of(ResultKind.Time, key, description, optional, when);

    /// <summary>True or false.</summary>
    public static RpcResult Bool(string key, string description, bool optional = false, string? when = null) =>
        Of(ResultKind.Bool, key, description, optional, when);

    /// <summary>Null: the method has nothing to say. A handler that writes nothing answers null.</summary>
    public static RpcResult None(string description = "", string? when = null) =>
        Of(ResultKind.None, "", description, optional: false, when);

    /// <summary>Anything, not shown in help.</summary>
    public static RpcResult Any(string key = "", string description = "") =>
        Of(ResultKind.Any, key, description, optional: false, when: null);

    /// <summary>An object at the top level.</summary>
    public static RpcResult Obj(params RpcResult[] members) =>
        new(ResultKind.Object, "", "") { Inner = members };

    /// <summary>An object at the top level, one of several forms.</summary>
    public static RpcResult Obj(string? when, params RpcResult[] members) =>
        new(ResultKind.Object, "", "") { Condition = when, Inner = members };

    /// <summary>An object as a member or element.</summary>
    public static RpcResult Obj(string key, string description, params RpcResult[] members) =>
        new(ResultKind.Object, key, description) { Inner = members };

    /// <summary>An object whose member names are data; <paramref name="members"/> is the picture of one.</summary>
    public static RpcResult ObjDyn(string key, string description, params RpcResult[] members) =>
        new(ResultKind.ObjectDynamic, key, description) { Inner = members };

    /// <summary>An array of any length; <paramref name="elements"/> is the picture of one element.</summary>
    public static RpcResult Arr(string key, string description, params RpcResult[] elements) =>
        new(ResultKind.Array, key, description) { Inner = elements };

    /// <summary>An array with these elements.</summary>
    public static RpcResult ArrFixed(string key, string description, params RpcResult[] elements) =>
        new(ResultKind.ArrayFixed, key, description) { Inner = elements };

    /// <summary>More members or elements, described elsewhere: <c>Same output as …</c>.</summary>
    public static RpcResult Elision(string description = "") =>
        Of(ResultKind.Elision, "", description, optional: false, when: null);

    private static RpcResult Of(ResultKind kind, string key, string description, bool optional, string? when) =>
        new(kind, key, description) { IsOptional = optional, Condition = when };
}
