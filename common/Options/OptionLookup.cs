namespace Dash.Common.Options;

/// <summary>The values one option has after all sources were merged.</summary>
/// <param name="Single">The one that counts for an option with one value; null when it was not given.</param>
/// <param name="All">All that count for a list.</param>
internal sealed record OptionLookup(OptionValue? Single, IReadOnlyList<OptionValue> All);
