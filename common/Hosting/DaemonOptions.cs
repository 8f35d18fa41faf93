using Dash.Common.Options;

namespace Dash.Common.Hosting;

/// <summary>Options of every daemon, beside those of its files (<see cref="BaseOptions"/>) and its log (<see cref="LogOptions"/>).</summary>
public static class DaemonOptions
{
    /// <summary>The file with the process id.</summary>
    public static readonly OptionalOption Pid = Option.OptionalStr("pid=<file>",
        "File with the process id. A relative path is inside the network's directory. (default: the program's name and .pid)", OptionGroup.General);

    /// <summary>A clock that stands still.</summary>
    public static readonly Option<long> MockTime = Option.Long("mocktime=<n>", 0,
        "Replace the time by <n> seconds since 1970; 0 is the real time (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>In the background.</summary>
    public static readonly Option<bool> Background = Option.Bool("daemon", false,
        "Run in the background and return at once (default: {0})", OptionGroup.General);

    /// <summary>In the background, and the caller waits.</summary>
    public static readonly Option<bool> BackgroundWait = Option.Bool("daemonwait", false,
        "Run in the background and return when the start is done; implies -daemon (default: {0})", OptionGroup.General);

    /// <summary>Run when it has started.</summary>
    public static readonly OptionalOption StartupNotify = Option.OptionalStr("startupnotify=<cmd>",
        "Command that is run when the start is done", OptionGroup.General);

    /// <summary>Run when it is about to end.</summary>
    public static readonly Option<IReadOnlyList<string>> ShutdownNotify = Option.List("shutdownnotify=<cmd>",
        "Command that is run before the end begins, which waits for it. Can be given several times", OptionGroup.General);

    /// <summary>All options every daemon has: these, its files' and its log's.</summary>
    public static IReadOnlyList<Option> All { get; } = [.. BaseOptions.All, .. LogOptions.All, Pid, MockTime, Background, BackgroundWait, StartupNotify, ShutdownNotify];
}
