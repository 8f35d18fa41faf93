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
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(build);
        using var background = Background.Enter();
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
            if (!background.IsDetached && IsForBackground(options)) return await StartInBackgroundAsync(args).ConfigureAwait(false);
            if (!options[DaemonOptions.BackgroundWait]) background.TellStarted();
            return await RunAsync(profile, options, build, background).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OptionException or StartupException)
        {
            await PrintErrorAsync(e).ConfigureAwait(false);
            return 1;
        }
    }

    private static bool IsForBackground(Options.Options options) =>
        options[DaemonOptions.Background] || options[DaemonOptions.BackgroundWait];

    private static async Task<int> StartInBackgroundAsync(IReadOnlyList<string> args)
    {
        await Console.Out.WriteLineAsync($"{Product.Name} starting").ConfigureAwait(false);
        if (await Background.StartAsync(args).ConfigureAwait(false)) return 0;
        await Console.Error.WriteLineAsync("Error during initialization - check debug.log for details").ConfigureAwait(false);
        return 1;
    }

    private static async Task<int> RunAsync(
        DaemonProfile profile, Options.Options options, Func<Daemon, Task> build, Background background)
    {
        var mockTime = Math.Max(0, options[DaemonOptions.MockTime]);
        if (mockTime > Clock.LastMockTime)
            throw new StartupException($"Invalid -mocktime={mockTime}: it must be in seconds since 1970, {Clock.LastMockTime} at most");
        FileDescriptors.Require();
        var isChild = profile.IsChild(options);
        DataDirectory.KeepFilesPrivate();
        using var directory = new DataDirectory(options.DataDirectory, options.NetworkDirectory);
        if (!isChild)
        {
            directory.Create();
            directory.Lock(profile.LockFile);
            CreateSettings(options);
        }

        var clock = new Clock();
        using var log = OpenLog(profile, options, isChild, clock);
        var lines = log.CreateLogger(LogCategory.None);
        if (!isChild) LogStart(profile, options, lines);

        clock.SetMockTime(mockTime);
        using var pid = isChild ? null : new PidFile(directory.PathOf(options[DaemonOptions.Pid] ?? PidName(profile)));
        var daemon = new Daemon(options, directory, log, clock);
        using var signals = new SignalHandlers(daemon, isChild);
        return await LiveAsync(daemon, isChild, build, background, lines).ConfigureAwait(false);
    }

    private static async Task<int> LiveAsync(
        Daemon daemon, bool isChild, Func<Daemon, Task> build, Background background, ILogger lines)
    {
        Exception? error = null;
        await using (daemon.ConfigureAwait(false))
        {
            try
            {
                await build(daemon).ConfigureAwait(false);
                background.TellStarted();
                if (!isChild && daemon.Options[DaemonOptions.StartupNotify] is { Length: > 0 } command)
                    daemon.Run("startupnotify", ct => ShellCommand.RunAsync(command, lines, ct));
                await daemon.WaitAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (daemon.Stopping.IsCancellationRequested)
            {
                // Asked to stop while starting.
            }
            catch (Exception e) when (e is OptionException or StartupException)
            {
                error = e;
                Log.Refused(lines, e.Message);
            }
            catch (Exception e)
            {
                error = e;
                Log.Failed(lines, "Start", e);
            }

            if (!isChild) await NotifyEndAsync(daemon, lines).ConfigureAwait(false); // the parent tells of both
            Log.Stopping(lines);
        }

        error ??= daemon.Failure;
        Log.Stopped(lines);
        if (error is null) return 0;
        await PrintErrorAsync(error).ConfigureAwait(false);
        return daemon.Failure is AbortException ? 0 : 1;
    }

    private static Task NotifyEndAsync(Daemon daemon, ILogger lines) => Task.WhenAll(
        daemon.Options[DaemonOptions.ShutdownNotify].Select(command => ShellCommand.RunAsync(command, lines, CancellationToken.None)));

    private static void CreateSettings(Options.Options options)
    {
        try
        {
            options.SettingsFile?.Write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var path = options.SettingsFile?.Path;
            throw new StartupException(
                $"Failed saving settings file:\n- Error: Unable to open settings file {path}.tmp for writing", e);
        }
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

    private static Task PrintErrorAsync(Exception error)
    {
        if (error is StartupException { IsTold: true })
        {
            return Task.CompletedTask;
        }

        var caption = error is StartupException start ? start.Caption : "Error";
        return Console.Error.WriteLineAsync($"{caption}: {error.Message.TrimEnd('\n')}");
    }
}
