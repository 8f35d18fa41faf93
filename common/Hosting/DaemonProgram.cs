using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Microsoft.Extensions.Logging;

namespace Dash.Common.Hosting;

/// <summary>
/// The life of a daemon's process from its arguments to its exit code: options, help, data directory, log, signals; then
/// what the daemon itself builds; then its end. What goes wrong is one line "Error: …" on standard error and exit code 1.
/// </summary>
public static class DaemonProgram
{
    /// <summary>Runs the daemon.</summary>
    /// <param name="profile">What it is.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="build">Builds its parts; returns when it has started. Its failures are failures to start.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DaemonProfile profile, IReadOnlyList<string> args, Func<Daemon, Task> build)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(build);
        try
        {
            var options = Options.Options.Load(profile.Options, args, OptionFiles.ConfigAndSettings);
            if (options.AsksForHelp || options.AsksForVersion)
            {
                Console.Out.Write(Help(profile, options));
                return 0;
            }

            if (options.Words is [var word, ..])
                throw new StartupException($"Command line contains unexpected token '{word}', see {profile.Name} -h for a list of options.");
            options.CheckSections();
            return await RunAsync(profile, options, build).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OptionException or StartupException)
        {
            await PrintErrorAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task<int> RunAsync(DaemonProfile profile, Options.Options options, Func<Daemon, Task> build)
    {
        var isChild = profile.IsChild(options);
        DataDirectory.KeepFilesPrivate();
        using var directory = new DataDirectory(options.DataDirectory, options.NetworkDirectory);
        if (!isChild)
        {
            directory.Create();
            directory.Lock(profile.LockFile);
        }

        var clock = new Clock();
        using var log = OpenLog(profile, options, isChild, clock);
        var lines = log.CreateLogger(LogCategory.None);
        if (!isChild) LogStart(profile, options, lines);

        clock.SetMockTime(Math.Max(0, options[DaemonOptions.MockTime]));
        using var pid = isChild ? null : new PidFile(directory.PathOf(options[DaemonOptions.Pid] ?? PidName(profile)));
        var daemon = new Daemon(options, directory, log, clock);
        using var signals = new SignalHandlers(daemon, isChild);
        return await LiveAsync(daemon, build, lines).ConfigureAwait(false);
    }

    private static async Task<int> LiveAsync(Daemon daemon, Func<Daemon, Task> build, ILogger lines)
    {
        string? error = null;
        await using (daemon.ConfigureAwait(false))
        {
            try
            {
                await build(daemon).ConfigureAwait(false);
                await daemon.WaitAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (daemon.Stopping.IsCancellationRequested)
            {
                // Asked to stop while starting.
            }
            catch (Exception e) when (e is OptionException or StartupException)
            {
                error = e.Message;
                Log.Refused(lines, e.Message);
            }
            catch (Exception e)
            {
                error = e.Message;
                Log.Failed(lines, "Start", e);
            }

            Log.Stopping(lines);
        }

        error ??= daemon.Failure?.Message;
        Log.Stopped(lines);
        if (error is null) return 0;
        await PrintErrorAsync(error).ConfigureAwait(false);
        return 1;
    }

    private static DebugLog OpenLog(DaemonProfile profile, Options.Options options, bool isChild, Clock clock)
    {
        var (filter, warnings) = LogOptions.Filter(options);
        var settings = LogOptions.Settings(options, filter) with { IsShared = isChild };
        if (isChild) settings = settings with { ToConsole = false };
        else if (!options.IsSet(LogOptions.DebugLogFile)) settings = settings with { Path = Path.Combine(options.NetworkDirectory, profile.LogFile) };
        DebugLog log;
        try
        {
            log = new DebugLog(settings, filter, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Could not open debug log file {settings.Path}", e);
        }

        if (isChild) return log;
        var lines = log.CreateLogger(LogCategory.None);
        foreach (var warning in options.Warnings.Concat(warnings.Select(text => "Warning: " + text)))
        {
            Console.Error.WriteLine(warning);
            Log.Warning(lines, warning);
        }

        return log;
    }

    private static void LogStart(DaemonProfile profile, Options.Options options, ILogger lines)
    {
        var found = File.Exists(options.ConfigPath) ? "" : " (not found, skipping)";
        string[] start =
        [
            $"{Product.Name} version {Product.VersionText} ({profile.Name})",
            "Using data directory " + options.NetworkDirectory,
            "Config file: " + options.ConfigPath + found,
            .. options.Notes, .. options.Describe(),
        ];
        foreach (var line in start) Log.Line(lines, line);
    }

    private static string Help(DaemonProfile profile, Options.Options options)
    {
        var title = $"{Product.Name} version {Product.VersionText}\n";
        return options.AsksForVersion
            ? title
            : $"{title}\n{profile.Usage}\n{OptionHelp.Format(profile.Options, options[BaseOptions.HelpDebug])}";
    }

    private static string PidName(DaemonProfile profile) => profile.PidFile.Length > 0 ? profile.PidFile : profile.Name + ".pid";

    private static Task PrintErrorAsync(string text) => Console.Error.WriteLineAsync("Error: " + text.TrimEnd('\n'));
}
