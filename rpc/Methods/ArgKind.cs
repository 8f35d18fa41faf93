namespace Dash.Rpc.Methods;

/// <summary>The JSON form of an argument, as help names it and as <c>dash-cli</c> converts it.</summary>
public enum ArgKind
{
    /// <summary>A text.</summary>
    Str,

    /// <summary>A text of hex digits.</summary>
    Hex,

    /// <summary>A number.</summary>
    Num,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>An amount, as number or text.</summary>
    Amount,

    /// <summary>A number, or two in an array.</summary>
    Range,

    /// <summary>An object with known members.</summary>
    Object,

    /// <summary>An object whose member names are the caller's, such as addresses.</summary>
    ObjectUserKeys,

    /// <summary>An array.</summary>
    Array,
}
