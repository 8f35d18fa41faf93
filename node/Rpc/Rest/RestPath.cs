using System.Globalization;
using Dash.Primitives.Hashing;
using Dash.Rpc.Http;

namespace Dash.Node.Rpc.Rest;

/// <summary>What a REST request asks for: the path behind the page's name, its form taken off, and the query.</summary>
internal sealed record RestPath(string Text, RestFormat Format, OpenRequest Request)
{
    private const int MostHeaders = 2000;
    private const string DefaultCount = "5";

    /// <summary>The parts between slashes.</summary>
    public string[] Parts { get; } = Text.Split('/');

    /// <summary>Takes a path apart.</summary>
    /// <param name="request">The request.</param>
    /// <param name="page">Name of the page, which its path begins with.</param>
    public static RestPath Of(OpenRequest request, string page)
    {
        var rest = request.Path[page.Length..];
        var dot = rest.LastIndexOf('.');
        var format = dot < 0 ? RestFormat.None : rest[(dot + 1)..] switch
        {
            "bin" => RestFormat.Binary,
            "hex" => RestFormat.Hex,
            "json" => RestFormat.Json,
            _ => RestFormat.None,
        };

        // An end that is no form stays part of the text; an empty one is taken off.
        var isEmpty = dot >= 0 && dot == rest.Length - 1;
        return new RestPath(format != RestFormat.None || isEmpty ? rest[..dot] : rest, format, request);
    }

    /// <summary>Reads a hash of 64 digits.</summary>
    public static bool TryHash(string text, out Uint256 hash)
    {
        hash = default;
        return text.Length == 2 * Uint256.Size && Uint256.TryParse(text, out hash);
    }

    /// <summary>A member of the query, or null.</summary>
    public string? Query(string name)
    {
        foreach (var member in Request.Query.Split('&'))
        {
            var parts = member.Split('=', 2);
            if (parts.Length == 2 && Uri.UnescapeDataString(parts[0]) == name)
            {
                return Uri.UnescapeDataString(parts[1]);
            }
        }

        return null;
    }

    /// <summary>How many headers are wanted: in the path (an older form), or in the query.</summary>
    /// <param name="inPath">The text in the path; null if it is not there.</param>
    /// <param name="refusal">Set when it is no such number.</param>
    public int Count(string? inPath, out OpenReply? refusal)
    {
        var text = inPath ?? Query("count") ?? DefaultCount;
        var isGood = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostHeaders;
        refusal = isGood ? null
            : RestReplies.Bad($"Header count is invalid or out of acceptable range (1-{MostHeaders}): {text}");
        return count;
    }
}
