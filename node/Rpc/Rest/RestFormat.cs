namespace Dash.Node.Rpc.Rest;

/// <summary>The form in which an answer is wanted: the end of the path.</summary>
internal enum RestFormat
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary><c>.bin</c></summary>
    Binary,

    /// <summary><c>.hex</c></summary>
    Hex,

    /// <summary><c>.json</c></summary>
    Json,
}
