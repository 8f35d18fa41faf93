namespace Dash.Common.Options;

/// <summary>
/// Every value given, by source, and the rule by which the sources are merged. The odd parts of the rule are dashd's, and
/// users' files depend on them; each is named where it is applied.
/// </summary>
internal sealed class OptionLayers
{
    /// <summary>Section name of what stands above the first section of dash.conf.</summary>
    public const string Top = "";

    private static readonly IReadOnlyList<OptionValue> Nothing = [];

    public Dictionary<string, List<OptionValue>> CommandLine { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IReadOnlyList<OptionValue>> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Section, then name.</summary>
    public Dictionary<string, Dictionary<string, List<OptionValue>>> Config { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<OptionValue> InConfig(string section, string name) =>
        Config.TryGetValue(section, out var values) && values.TryGetValue(name, out var found) ? found : Nothing;

    public void AddConfig(string section, string name, OptionValue value)
    {
        if (!Config.TryGetValue(section, out var values)) Config[section] = values = new(StringComparer.Ordinal);
        if (!values.TryGetValue(name, out var list)) values[name] = list = [];
        list.Add(value);
    }

    /// <summary>
    /// The one value that counts, or null if the option was given nowhere. <paramref name="topApplies"/> is false for a
    /// network-only option on another network than main.
    /// </summary>
    public OptionValue? Single(string name, string section, bool topApplies)
    {
        foreach (var (source, values) in Sources(name, section))
        {
            var isConfig = source is Source.Section or Source.Top;
            // dashd: a negation at the top counts even for network-only options.
            if (source == Source.Top && !topApplies && !LastIsNegated(values)) continue;
            if (LastIsNegated(values)) return OptionValue.False;
            var live = Live(values);
            // dashd: in dash.conf the first value counts, everywhere else the last.
            if (live.Count > 0) return isConfig ? live[0] : live[^1];
        }

        return null;
    }

    /// <summary>The value of an option that chooses the network; sections cannot do that.</summary>
    public OptionValue? NetworkChoice(string name)
    {
        foreach (var (_, values) in Sources(name, Top))
        {
            // dashd: -noregtest on the command line does not undo regtest=1 of dash.conf.
            if (!LastIsNegated(values) && Live(values) is { Count: > 0 } live) return live[^1];
        }

        return null;
    }

    /// <summary>All values of a list, highest source first.</summary>
    public IReadOnlyList<OptionValue> All(string name, string section, bool topApplies)
    {
        List<OptionValue> result = [];
        var done = false;
        var negatedEmpty = false;
        foreach (var (source, values) in Sources(name, section))
        {
            var isConfig = source is Source.Section or Source.Top;
            if (source == Source.Top && !topApplies) continue;
            // dashd: "-noname -name=x" on the command line drops earlier command-line values, but not those of dash.conf.
            if (!done || (isConfig && !negatedEmpty)) result.AddRange(Live(values));
            done |= Negated(values) > 0;
            negatedEmpty |= LastIsNegated(values) && result.Count == 0;
        }

        return result;
    }

    /// <summary>True if only the top of dash.conf gives the option.</summary>
    public bool IsOnlyAtTop(string name, string section)
    {
        var atTop = false;
        foreach (var (source, values) in Sources(name, section))
        {
            if (values.Count == 0 || LastIsNegated(values)) continue;
            if (source != Source.Top) return false;
            atTop = true;
        }

        return atTop;
    }

    private IEnumerable<(Source Source, IReadOnlyList<OptionValue> Values)> Sources(string name, string section)
    {
        if (CommandLine.TryGetValue(name, out var given)) yield return (Source.CommandLine, given);
        if (Settings.TryGetValue(name, out var set)) yield return (Source.Settings, set);
        if (section != Top && InConfig(section, name) is { Count: > 0 } inSection) yield return (Source.Section, inSection);
        if (InConfig(Top, name) is { Count: > 0 } atTop) yield return (Source.Top, atTop);
    }

    private static bool LastIsNegated(IReadOnlyList<OptionValue> values) => values.Count > 0 && values[^1].IsFalse;

    /// <summary>How many values a negation (and what stood before it) took out.</summary>
    private static int Negated(IReadOnlyList<OptionValue> values)
    {
        for (var i = values.Count; i > 0; i--)
        {
            if (values[i - 1].IsFalse) return i;
        }

        return 0;
    }

    private static List<OptionValue> Live(IReadOnlyList<OptionValue> values) => [.. values.Skip(Negated(values))];

    private enum Source
    {
        CommandLine,
        Settings,
        Section,
        Top,
    }
}
