using Dash.Common.Options;

namespace Dash.WalletServer.Tool;

/// <summary>Options of the offline tool; the names are Dash Core's.</summary>
internal static class ToolOptions
{
    /// <summary>Which wallet.</summary>
    public static readonly OptionalOption Wallet = Option.OptionalStr("wallet=<wallet-name>", "The wallet", OptionGroup.General);

    /// <summary>The file with records as text.</summary>
    public static readonly OptionalOption DumpFile = Option.OptionalStr("dumpfile=<file name>",
        "With dump: write the records there. With createfromdump: read them from there.", OptionGroup.General, OptionFlags.NoNegation);

    /// <summary>What a new file is.</summary>
    public static readonly OptionalOption Format = Option.OptionalStr("format=<format>",
        "With createfromdump: the new file's format, \"sqlite\"", OptionGroup.General);

    /// <summary>A new wallet has descriptors.</summary>
    public static readonly Option<bool> Descriptors = Option.Bool("descriptors", true,
        "With create: a wallet of descriptors, the only kind there is (default: {0})", OptionGroup.General);

    /// <summary>A new wallet has none.</summary>
    public static readonly Option<bool> Legacy = Option.Bool("legacy", false,
        "With create: a wallet without descriptors, which is refused (default: {0})", OptionGroup.General);

    /// <summary>A new wallet derives its keys.</summary>
    public static readonly Option<bool> UseHd = Option.Bool("usehd", true,
        "With create: keys that derive from one secret (default: {0})", OptionGroup.General);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        .. BaseOptions.ForTools.Where(static option => option != BaseOptions.Conf), Wallet, DumpFile, Format, Descriptors, Legacy, UseHd, Option.Hidden("debug"), Option.Hidden("printtoconsole"),
    ];
}
