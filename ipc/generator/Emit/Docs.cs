namespace Dash.Ipc.Generator.Emit;

/// <summary>Comments of a schema for places where one line is wanted.</summary>
internal static class Docs
{
    /// <summary>The comment in one line, or what is said without one, escaped for XML.</summary>
    public static string Line(string comment, string otherwise)
    {
        var text = string.Join(' ', (comment.Trim().Length > 0 ? comment : otherwise)
            .Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return text
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
    }
}
