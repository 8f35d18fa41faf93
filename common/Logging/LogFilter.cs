using Microsoft.Extensions.Logging;

namespace Dash.Common.Logging;

/// <summary>
/// Which debug and trace lines are written: <c>-debug</c>, <c>-debugexclude</c>, <c>-loglevel</c> and the <c>logging</c>
/// method. Lines of information and above are always written. Safe to use from any thread.
/// </summary>
public sealed class LogFilter
{
    private const LogCategory FirstDashCategory = LogCategory.ChainLocks; // the others are behind it

    private readonly Lock _gate = new(); // orders writers of the fields below; readers read them as they are
    private readonly LogLevel[] _levels = new LogLevel[LogCategories.All.Count + 1]; // by category; None: the general one
    private ulong _on; // bit n: category n

    /// <summary>A filter with every category off.</summary>
    public LogFilter() => Array.Fill(_levels, LogLevel.None);

    /// <summary>The names of all categories, for messages and help.</summary>
    public static string Names { get; } = string.Join(", ", LogCategories.AllNames);

    /// <summary>Is any category on?</summary>
    public bool IsAnyOn => Volatile.Read(ref _on) != 0;

    /// <summary>Least level written for categories without a level of their own: debug unless set.</summary>
    public LogLevel Level => _levels[0] == LogLevel.None ? LogLevel.Debug : _levels[0];

    /// <summary>Is the category on?</summary>
    public bool IsOn(LogCategory category) => (Volatile.Read(ref _on) >> (int)category & 1) != 0;

    /// <summary>Is a line of this category and level written?</summary>
    public bool Passes(LogCategory category, LogLevel level)
    {
        if (level >= LogLevel.Information) return level != LogLevel.None;
        if (!IsOn(category)) return false;
        var own = _levels[(int)category];
        return level >= (own == LogLevel.None ? Level : own);
    }

    /// <summary>
    /// Switches a category by name, or all of them by "all", "1" or the empty text, or Dash's own by "dash". "0" is known and
    /// switches nothing.
    /// </summary>
    /// <returns>False if there is no such name.</returns>
    public bool TrySwitch(string name, bool on)
    {
        IReadOnlyList<LogCategory> categories;
        if (name.Length == 0 || name is "all" or "1") categories = LogCategories.All;
        else if (name == "dash") categories = [.. LogCategories.All.Where(static category => category >= FirstDashCategory)];
        else if (name == "0") categories = [];
        else if (LogCategories.TryParse(name, out var one)) categories = [one];
        else return false;

        lock (_gate)
        {
            foreach (var category in categories)
            {
                var bit = 1UL << (int)category;
                Volatile.Write(ref _on, on ? _on | bit : _on & ~bit);
            }
        }

        return true;
    }

    /// <summary>Sets the least level of all categories: "info", "debug" or "trace".</summary>
    public bool TrySetLevel(string level) => TrySetLevel(LogCategory.None, level);

    /// <summary>Sets the least level of one category.</summary>
    public bool TrySetLevel(string category, string level) =>
        LogCategories.TryParse(category, out var parsed) && TrySetLevel(parsed, level);

    /// <summary>Applies the options of the command line.</summary>
    /// <param name="debug">Values of <c>-debug</c>.</param>
    /// <param name="exclude">Values of <c>-debugexclude</c>.</param>
    /// <param name="levels">Values of <c>-loglevel</c>.</param>
    /// <returns>Warnings about names that are not known.</returns>
    public IReadOnlyList<string> Configure(
        IReadOnlyList<string> debug, IReadOnlyList<string> exclude, IReadOnlyList<string> levels)
    {
        List<string> warnings = [];
        foreach (var level in levels)
        {
            // dashd looks for the colon from the fourth character on.
            if (level.Length < 4 || level.IndexOf(':', 3) < 0)
            {
                if (!TrySetLevel(level))
                    warnings.Add($"Unsupported global logging level -loglevel={level}. Valid values: info, debug, trace.");
            }
            else if (level.Split(':') is not [var category, var own] || !TrySetLevel(category, own))
            {
                warnings.Add(
                    $"Unsupported category-specific logging level -loglevel={level}. Expected -loglevel=<category>:<loglevel>. " +
                    $"Valid categories: {Names}. Valid loglevels: info, debug, trace.");
            }
        }

        var wanted = debug.Any(name => name is "0" or "none") ? [] : debug;
        warnings.AddRange(wanted.Where(name => !TrySwitch(name, on: true)).Select(name => $"Unsupported logging category -debug={name}."));
        warnings.AddRange(
            exclude.Where(name => !TrySwitch(name, on: false)).Select(name => $"Unsupported logging category -debugexclude={name}."));
        return warnings;
    }

    private bool TrySetLevel(LogCategory category, string level)
    {
        LogLevel? parsed = level switch
        {
            "info" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            "trace" => LogLevel.Trace,
            _ => null,
        };
        if (parsed is null) return false;
        lock (_gate) _levels[(int)category] = parsed.Value;
        return true;
    }
}
