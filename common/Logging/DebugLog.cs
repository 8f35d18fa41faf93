using System.Buffers;
using System.Globalization;
using System.Text;
using Dash.Common.Time;
using Microsoft.Extensions.Logging;

namespace Dash.Common.Logging;

/// <summary>
/// debug.log, in dashd's layout: <c>2026-01-01T00:00:00Z [ipc] text</c>. Each event is appended in one write, so that two
/// processes can share the file. A logger's category is the name of a <see cref="LogCategory"/>. Safe from any thread.
/// </summary>
public sealed class DebugLog : ILoggerFactory, ILoggerProvider
{
    // A file of more than 11 MB is cut to its last 10 MB, as dashd does.
    private const int KeptBytes = 10_000_000;
    private const int ShrinkAbove = 11_000_000;

    private readonly DebugLogSettings _settings;
    private readonly Clock _clock;
    private readonly Stream? _console;
    private readonly Lock _gate = new(); // protects _file and the order of lines
    private AppendFile? _file;

    /// <summary>Opens the log.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public DebugLog(DebugLogSettings settings, LogFilter filter, Clock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _clock = clock;
        Filter = filter;
        if (settings.ToConsole) _console = Console.OpenStandardOutput();
        if (settings.Path is null) return;
        if (settings.Shrink && !settings.IsShared) ShrinkFile(settings.Path);
        _file = new AppendFile(settings.Path);
        // Empty lines set this run apart from the last one.
        if (!settings.IsShared) _file.Append("\n\n\n\n\n"u8);
    }

    /// <summary>What is written; can be changed while running.</summary>
    public LogFilter Filter { get; }

    /// <summary>Full path of the file, or null.</summary>
    public string? Path => _settings.Path;

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        if (LogCategories.TryParse(categoryName, out var category)) return new CategoryLogger(this, category, isForeign: false);
        // The web server's categories are type names: its lines belong to http, and what it calls information to -debug.
        var isForeign = categoryName.StartsWith("Microsoft.", StringComparison.Ordinal);
        return new CategoryLogger(this, isForeign ? LogCategory.Http : LogCategory.None, isForeign);
    }

    /// <summary>There is one log; others cannot be added.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The debug log has no further providers.");

    /// <summary>Opens the file anew, after something outside has moved it away (SIGHUP).</summary>
    public void Reopen()
    {
        if (_settings.Path is null) return;
        lock (_gate)
        {
            if (_file is null) return;
            try
            {
                var reopened = new AppendFile(_settings.Path);
                _file.Dispose();
                _file = reopened;
            }
            catch (IOException)
            {
                // The open one is still good.
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    internal void Write(LogCategory category, LogLevel level, string message)
    {
        var line = new StringBuilder(message.Length + 64);
        if (_settings.Timestamps) AppendTime(line);
        if (_settings.ThreadNames)
            line.Append(CultureInfo.InvariantCulture, $"[{Thread.CurrentThread.Name ?? "unknown",10}] ");
        if (_settings.SourceLocations) line.Append(SourceLocation.OfCaller());
        AppendPrefix(line, category, level);
        AppendEscaped(line, message);
        if (line[^1] != '\n') line.Append('\n');

        var text = line.ToString();
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var span = bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes));
            lock (_gate)
            {
                _file?.Append(span);
                _console?.Write(span);
                _console?.Flush();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void AppendTime(StringBuilder line)
    {
        line.Append(_clock.RealUtcNow.UtcDateTime.ToString(
            _settings.Micros ? "yyyy-MM-ddTHH:mm:ss.ffffff'Z'" : "yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (_clock.MockTime is > 0 and var mock) line.Append(CultureInfo.InvariantCulture, $" (mocktime: {mock})");
        line.Append(' ');
    }

    /// <summary>"[ipc] ", "[ipc:info] ", "[warning] ", or nothing: debug is understood with a category, info without.</summary>
    private void AppendPrefix(StringBuilder line, LogCategory category, LogLevel level)
    {
        var hasCategory = category != LogCategory.None;
        if (!hasCategory && !_settings.LevelAlways && level == LogLevel.Information) return;
        var understood = hasCategory && level == LogLevel.Debug && !_settings.LevelAlways;
        line.Append('[').Append(!hasCategory && _settings.LevelAlways ? "all" : category.Name());
        if (!understood)
        {
            if (hasCategory || _settings.LevelAlways) line.Append(':');
            line.Append(LevelName(level));
        }

        line.Append("] ");
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    /// <summary>Control characters could drive the terminal of whoever reads the log.</summary>
    private static void AppendEscaped(StringBuilder line, string message)
    {
        foreach (var c in message)
        {
            if (c is >= ' ' and not '\x7f' or '\n') line.Append(c);
            else line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        }
    }

    private static void ShrinkFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length <= ShrinkAbove) return;
        var kept = new byte[KeptBytes];
        using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Seek(-KeptBytes, SeekOrigin.End);
        stream.ReadExactly(kept);
        stream.SetLength(0);
        stream.Write(kept);
    }
}
