namespace Dash.Common.Options;

/// <summary>The lines of a dash.conf, with the section each name stands in. Knows no option.</summary>
internal sealed class ConfigFile
{
    private const string Blank = " \t\r\n";

    private readonly List<(string Name, string Value)> _entries = [];
    private readonly List<(string Name, string File, int Line)> _sections = [];

    /// <summary>"section.name" (or "name" at the top) and its value, in the order of the file.</summary>
    public IReadOnlyList<(string Name, string Value)> Entries => _entries;

    /// <summary>Sections that appear, by header or by a dotted name.</summary>
    public IReadOnlyList<(string Name, string File, int Line)> Sections => _sections;

    /// <exception cref="OptionException">A line is none of: section, name=value, comment, empty.</exception>
    public static ConfigFile Parse(string text, string file)
    {
        var result = new ConfigFile();
        var prefix = "";
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var hash = raw.IndexOf('#', StringComparison.Ordinal);
            var line = (hash < 0 ? raw : raw[..hash]).Trim(Blank.ToCharArray());
            if (line.Length == 0) continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                var section = line[1..^1];
                result._sections.Add((section, file, number));
                prefix = section + ".";
            }
            else if (line[0] == '-')
            {
                throw new OptionException(
                    $"parse error on line {number}: {line}, options in configuration file must be specified without leading -");
            }
            else if (line.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals)
            {
                result.Add(prefix, line[..equals], line[(equals + 1)..], hash >= 0, file, number);
            }
            else
            {
                var hint = line.Length >= 2 && line.StartsWith("no", StringComparison.Ordinal)
                    ? $", if you intended to specify a negated option, use {line}=1 instead"
                    : "";
                throw new OptionException($"parse error on line {number}: {line}{hint}");
            }
        }

        return result;
    }

    private void Add(string prefix, string name, string value, bool hasHash, string file, int line)
    {
        var full = prefix + name.Trim(Blank.ToCharArray());
        if (hasHash && full.Contains("rpcpassword", StringComparison.Ordinal))
            throw new OptionException($"parse error on line {line}, using # in rpcpassword can be ambiguous and should be avoided");
        _entries.Add((full, value.Trim(Blank.ToCharArray())));
        var dot = full.LastIndexOf('.');
        if (dot >= 0 && prefix.Length <= dot) _sections.Add((full[..dot], file, line));
    }
}
