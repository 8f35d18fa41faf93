namespace Dash.Node.Net.Wire;

/// <summary>Texts that peers made up, fit for logs and results.</summary>
internal static class NetText
{
    private const string Allowed = " .,;-_/:?@()";

    /// <summary>Drops everything but letters, digits and harmless signs.</summary>
    public static string Sanitize(string text) =>
        text.All(IsAllowed) ? text : string.Concat(text.Where(IsAllowed));

    private static bool IsAllowed(char sign) => char.IsAsciiLetterOrDigit(sign) || Allowed.Contains(sign, StringComparison.Ordinal);
}
