namespace Dash.Common.Options;

/// <summary>Options of every executable: where its files are and which network it is for.</summary>
public static class BaseOptions
{
    /// <summary>The configuration file.</summary>
    public static readonly Option<string> Conf = Option.Str("conf=<file>", "dash.conf",
        "Configuration file, on the command line only. A relative path is inside the data directory. (default: {0})", OptionGroup.General);

    /// <summary>The data directory.</summary>
    public static readonly OptionalOption DataDir = Option.OptionalStr("datadir=<dir>", "Data directory", OptionGroup.General);

    /// <summary>Further configuration files.</summary>
    public static readonly Option<IReadOnlyList<string>> IncludeConf = Option.List("includeconf=<file>",
        "Further configuration file, inside the data directory unless the path is absolute (only from the configuration file, not the command line)",
        OptionGroup.General);

    /// <summary>What the daemon remembers.</summary>
    public static readonly Option<string> Settings = Option.Str("settings=<file>", "settings.json",
        "File of the settings made while running. With -nosettings none are read or kept. A relative path is inside the network's directory. (default: {0})",
        OptionGroup.General);

    /// <summary>Print the version.</summary>
    public static readonly Option<bool> Version = Option.Bool("version", false, "Print version and exit", OptionGroup.General);

    /// <summary>Print the help.</summary>
    public static readonly Option<bool> Help = Option.Bool("?", false, "Print this help message and exit", OptionGroup.General);

    /// <summary>Print the help with options for developers.</summary>
    public static readonly Option<bool> HelpDebug = Option.Bool("help-debug", false,
        "Print help message with debugging options and exit", OptionGroup.DebugTest);

    /// <summary>The network by name.</summary>
    public static readonly OptionalOption Chain = Option.OptionalStr("chain=<chain>",
        "Use the chain <chain> (default: main). Allowed values: main, test, regtest", OptionGroup.ChainSelection);

    /// <summary>A development network.</summary>
    public static readonly OptionalOption Devnet = Option.OptionalStr("devnet=<name>",
        "Use devnet chain with provided name", OptionGroup.ChainSelection);

    /// <summary>The test network.</summary>
    public static readonly Option<bool> Testnet = Option.Bool("testnet", false,
        "Use the test chain. Equivalent to -chain=test", OptionGroup.ChainSelection);

    /// <summary>The regression test network.</summary>
    public static readonly Option<bool> Regtest = Option.Bool("regtest", false,
        "Enter regression test mode, in which blocks can be made at once. Equivalent to -chain=regtest",
        OptionGroup.ChainSelection, OptionFlags.DebugOnly);

    private static readonly OptionalOption HelpShort = Option.Hidden("h");
    private static readonly OptionalOption HelpWord = Option.Hidden("help");

    /// <summary>All of them, for an executable's own list.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [Conf, DataDir, IncludeConf, Settings, Version, Help, HelpDebug, HelpShort, HelpWord, Chain, Devnet, Testnet, Regtest];

    /// <summary>Those of a command-line tool: it has no settings and reads one configuration file.</summary>
    public static IReadOnlyList<Option> ForTools { get; } =
        [Conf, DataDir, Version, Help, HelpShort, HelpWord, Chain, Devnet, Testnet, Regtest];

    internal static bool AsksForHelp(Options options) =>
        options.IsSet(Help) || options.IsSet(HelpShort) || options.IsSet(HelpWord) || options.IsSet(HelpDebug);
}
