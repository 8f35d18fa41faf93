using Dash.Common.Logging;
using Dash.Common.Options;

namespace Dash.Common.Hosting;

/// <summary>The options of debug.log.</summary>
public static class LogOptions
{
    /// <summary>The log file.</summary>
    public static readonly Option<string> DebugLogFile = Option.Str("debuglogfile=<file>", "debug.log",
        "Where the log is written. A relative path is inside the network's directory. (-nodebuglogfile: nowhere; default: {0})", OptionGroup.General);

    /// <summary>Categories to log.</summary>
    public static readonly Option<IReadOnlyList<string>> Debug = Option.List("debug=<category>",
        "Log the details of a category, or of all if none or 1 is given. Can be given several times. <category> can be: " + LogFilter.Names + ".",
        OptionGroup.DebugTest);

    /// <summary>Categories not to log.</summary>
    public static readonly Option<IReadOnlyList<string>> DebugExclude = Option.List("debugexclude=<category>",
        "Do not log the details of this category, together with -debug=1. Can be given several times.", OptionGroup.DebugTest);

    /// <summary>Least level of details.</summary>
    public static readonly Option<IReadOnlyList<string>> LogLevel = Option.List("loglevel=<level>|<category>:<level>",
        "The least level of detail that is logged for categories that are on: info, debug, trace (default: debug), for all or for one category. Can be given several times.",
        OptionGroup.DebugTest, OptionFlags.NoNegation | OptionFlags.NeedsValue | OptionFlags.DebugOnly);

    /// <summary>Addresses of peers in the log.</summary>
    public static readonly Option<bool> LogIps = Option.Bool("logips", false,
        "Log the addresses of peers (default: {0})", OptionGroup.DebugTest);

    /// <summary>Times in the log.</summary>
    public static readonly Option<bool> LogTimestamps = Option.Bool("logtimestamps", true,
        "Begin each line of the log with the time (default: {0})", OptionGroup.DebugTest);

    /// <summary>Microseconds in the log.</summary>
    public static readonly Option<bool> LogTimeMicros = Option.Bool("logtimemicros", false,
        "Log the time with microseconds (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Names of threads in the log.</summary>
    public static readonly Option<bool> LogThreadNames = Option.Bool("logthreadnames", false,
        "Log the name of the thread (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Places in the source.</summary>
    public static readonly Option<bool> LogSourceLocations = Option.Bool("logsourcelocations", false,
        "Log the file, line and function that each line comes from, or its type where a program was built without file and line (default: {0})",
        OptionGroup.DebugTest);

    /// <summary>Category and level on every line.</summary>
    public static readonly Option<bool> LogLevelAlways = Option.Bool("loglevelalways", false,
        "Name category and level on every line of the log (default: {0})", OptionGroup.DebugTest);

    /// <summary>Log to standard output.</summary>
    public static readonly Option<bool> PrintToConsole = Option.Bool("printtoconsole", true,
        "Write the log to standard output as well (default: 1 without -daemon)", OptionGroup.DebugTest);

    /// <summary>Shrink the log at start.</summary>
    public static readonly Option<bool> ShrinkDebugFile = Option.Bool("shrinkdebugfile", true,
        "Cut a large log file at start (default: 1 when no -debug)", OptionGroup.DebugTest);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        DebugLogFile, Debug, DebugExclude, LogLevel, LogIps, LogTimestamps, LogTimeMicros, LogThreadNames, LogSourceLocations,
        LogLevelAlways, PrintToConsole, ShrinkDebugFile,
    ];

    /// <summary>The filter these options ask for, and warnings about names nobody knows.</summary>
    public static (LogFilter Filter, IReadOnlyList<string> Warnings) Filter(Options.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var filter = new LogFilter();
        return (filter, filter.Configure(options[Debug], options[DebugExclude], options[LogLevel]));
    }

    /// <summary>How and where to log.</summary>
    /// <param name="options">The program's options.</param>
    /// <param name="filter">Decides whether a large file is cut by default.</param>
    public static DebugLogSettings Settings(Options.Options options, LogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(filter);
        return new()
        {
            Path = options.Path(DebugLogFile, options.NetworkDirectory),
            ToConsole = options.IsSet(PrintToConsole) ? options[PrintToConsole] : !options[DaemonOptions.Background] && !options[DaemonOptions.BackgroundWait],
            Timestamps = options[LogTimestamps],
            Micros = options[LogTimeMicros],
            ThreadNames = options[LogThreadNames],
            SourceLocations = options[LogSourceLocations],
            LevelAlways = options[LogLevelAlways],
            Shrink = options.IsSet(ShrinkDebugFile) ? options[ShrinkDebugFile] : !filter.IsAnyOn,
        };
    }
}
