namespace Dash.Node.Services;

/// <summary>Which of the node's arguments its wallet process gets as well: those whose option both have.</summary>
internal static class ChildArguments
{
    // The node's own pid file is not the child's, and the child's standard output is nobody's.
    private static readonly string[] NotPassed = ["pid", "printtoconsole"];

    /// <summary>The arguments, in their order.</summary>
    /// <param name="arguments">The node's command line.</param>
    /// <param name="names">Names of options, without dashes.</param>
    public static IReadOnlyList<string> From(IReadOnlyList<string> arguments, IEnumerable<string> names)
    {
        var known = names.Except(NotPassed).ToHashSet(StringComparer.Ordinal);
        return [.. arguments.Where(argument => known.Contains(NameOf(argument, known)))];
    }

    // "--regtest.nokeypool=1" is about keypool.
    private static string NameOf(string argument, HashSet<string> known)
    {
        var name = argument.TrimStart('-');
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        name = equals < 0 ? name : name[..equals];
        name = name[(name.LastIndexOf('.') + 1)..];
        return !known.Contains(name) && name.StartsWith("no", StringComparison.Ordinal) ? name[2..] : name;
    }
}
