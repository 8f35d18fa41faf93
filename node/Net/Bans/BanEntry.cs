namespace Dash.Node.Net.Bans;

/// <summary>How long a range of addresses is kept out; seconds since 1970.</summary>
/// <param name="Created">When that was decided.</param>
/// <param name="Until">When it ends.</param>
internal readonly record struct BanEntry(long Created, long Until);
