using System.Text.Json;

namespace Dash.Primitives.Tests;

/// <summary>The rows of a file of vectors that are cases; why each of the others is left out is printed.</summary>
internal static class VectorRows
{
    private const string Comment = "a comment";

    /// <summary>Rows that have at least so many parts: the others explain the file.</summary>
    public static IEnumerable<JsonElement> OfLength(JsonDocument rows, string file, int length) =>
        Of(rows, file, row => row.GetArrayLength() >= length ? null : Comment);

    /// <summary>Rows that begin with a list: the others explain the file.</summary>
    public static IEnumerable<JsonElement> OfLists(JsonDocument rows, string file) =>
        Of(rows, file, static row => row[0].ValueKind == JsonValueKind.Array ? null : Comment);

    /// <summary>All rows behind the first, which names the columns.</summary>
    public static IEnumerable<JsonElement> BelowHead(JsonDocument rows, string file)
    {
        var head = rows.RootElement.EnumerateArray().First().GetRawText();
        return Of(rows, file, row => row.GetRawText() == head ? "the names of the columns" : null);
    }

    /// <summary>Rows nothing speaks against.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="file">Its name.</param>
    /// <param name="whyNot">Why a row is no case; null if it is one.</param>
    public static IEnumerable<JsonElement> Of(JsonDocument rows, string file, Func<JsonElement, string?> whyNot)
    {
        List<JsonElement> cases = [];
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, row) in rows.RootElement.EnumerateArray().Index())
        {
            if (whyNot(row) is not { } reason)
            {
                cases.Add(row);
                continue;
            }

            var text = row.GetRawText().ReplaceLineEndings(" ");
            TestContext.Current.TestOutputHelper?.WriteLine($"{file}, row {index} skipped, {reason}: {text}");
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        }

        foreach (var (reason, count) in reasons)
        {
            TestContext.Current.AddWarning($"{file}: {count} of {rows.RootElement.GetArrayLength()} rows skipped, {reason}");
        }

        return cases;
    }
}
