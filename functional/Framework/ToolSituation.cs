namespace Dash.Functional.Framework;

/// <summary>What a user may do with the offline tool: files that are there, and a command line.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Prepare">Puts files into a fresh data directory.</param>
/// <param name="Arguments">Of the command line; {dir} is the data directory.</param>
/// <param name="Difference">Why the answers are not the same (listed in docs/wallet.md); null where they must be.</param>
public sealed record ToolSituation(string Name, Action<ToolDirectory> Prepare, string[] Arguments, string? Difference = null);
