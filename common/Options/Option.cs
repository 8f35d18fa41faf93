using System.Globalization;

namespace Dash.Common.Options;

/// <summary>
/// A declared option: its name, what it means and where its help is printed. The object is the key with which
/// <see cref="Options"/> is asked for the value.
/// </summary>
public abstract class Option
{
    private protected Option(string name, string? defaultParameter, string help, OptionGroup group, OptionFlags flags)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        Name = equals < 0 ? name : name[..equals];
        Parameter = equals < 0 ? defaultParameter : name[equals..];
        Help = help;
        Group = group;
        Flags = flags;
    }

    /// <summary>Name without dashes.</summary>
    public string Name { get; }

    /// <summary>What the help prints after the name ("=&lt;n&gt;"), or null.</summary>
    public string? Parameter { get; }

    /// <summary>What it does, with the default filled in.</summary>
    public string Help { get; }

    /// <summary>Where the help is printed.</summary>
    public OptionGroup Group { get; }

    /// <summary>Further rules.</summary>
    public OptionFlags Flags { get; }

    /// <summary>"-name".</summary>
    public override string ToString() => "-" + Name;

    /// <summary>True or false; "-name" alone is true, "-noname" and "-name=0" are false.</summary>
    public static Option<bool> Bool(string name, bool fallback, string help, OptionGroup group, OptionFlags flags = OptionFlags.None) =>
        new(name, null, fallback, Fill(help, fallback ? "1" : "0"), group, flags, v => v.Single?.ToBool() ?? fallback);

    /// <summary>A whole number of 32 bits; numbers beyond are held to the range.</summary>
    public static Option<int> Int(string name, int fallback, string help, OptionGroup group, OptionFlags flags = OptionFlags.None) =>
        new(name, "=<n>", fallback, Fill(help, Text(fallback)), group, flags,
            v => v.Single is { } value ? (int)Math.Clamp(value.ToLong(), int.MinValue, int.MaxValue) : fallback);

    /// <summary>A whole number of 64 bits.</summary>
    public static Option<long> Long(string name, long fallback, string help, OptionGroup group, OptionFlags flags = OptionFlags.None) =>
        new(name, "=<n>", fallback, Fill(help, Text(fallback)), group, flags, v => v.Single?.ToLong() ?? fallback);

    /// <summary>A text with a default. A negated option is the text "0".</summary>
    public static Option<string> Str(string name, string fallback, string help, OptionGroup group, OptionFlags flags = OptionFlags.None) =>
        new(name, "=<text>", fallback, Fill(help, fallback), group, flags, v => v.Single?.Text ?? fallback);

    /// <summary>A text that need not be given. A negated option is the text "0".</summary>
    public static OptionalOption OptionalStr(string name, string help, OptionGroup group, OptionFlags flags = OptionFlags.None) =>
        new(name, "=<text>", help, group, flags);

    /// <summary>An option that may be given several times; its values in the order given.</summary>
    public static Option<IReadOnlyList<string>> List(string name, string help, OptionGroup group, OptionFlags flags = OptionFlags.None) =>
        new(name, "=<text>", [], help, group, flags, v => [.. v.All.Select(value => value.Text)]);

    /// <summary>An option that is accepted and, here, without effect: its name is known from elsewhere.</summary>
    public static OptionalOption Hidden(string name, OptionFlags flags = OptionFlags.None) =>
        new(name, null, "", OptionGroup.Hidden, flags);

    private static string Fill(string help, string fallback) => help.Replace("{0}", fallback, StringComparison.Ordinal);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
