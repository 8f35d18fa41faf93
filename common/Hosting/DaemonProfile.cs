using Dash.Common.Options;

namespace Dash.Common.Hosting;

/// <summary>What <see cref="DaemonProgram"/> must know of a daemon before it is built.</summary>
/// <param name="Name">The executable's name, such as "dash-node".</param>
/// <param name="Options">Everything it declares, with <see cref="DaemonOptions.All"/>.</param>
public sealed record DaemonProfile(string Name, IReadOnlyList<Option> Options)
{
    /// <summary>Lines after "Usage:".</summary>
    public string Usage { get; init; } = "";

    /// <summary>The lock in the network's directory; another daemon in the same directory has another name.</summary>
    public string LockFile { get; init; } = ".lock";

    /// <summary>The file with the process id, unless -pid names another.</summary>
    public string PidFile { get; init; } = "";

    /// <summary>The log, unless -debuglogfile names another; another daemon in the same directory has another name.</summary>
    public string LogFile { get; init; } = LogOptions.DebugLogFile.Fallback;

    /// <summary>
    /// Is it part of another daemon that has started it? Then that one holds the directory and has begun the log: no lock, no
    /// pid file, nothing on standard output.
    /// </summary>
    public Func<Options.Options, bool> IsChild { get; init; } = _ => false;
}
