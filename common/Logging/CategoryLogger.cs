using Microsoft.Extensions.Logging;

namespace Dash.Common.Logging;

/// <summary>The lines of one category.</summary>
/// <param name="log">Where they go.</param>
/// <param name="category">What they are about.</param>
/// <param name="isForeign">A library's lines: what it calls information is debug for us.</param>
internal sealed class CategoryLogger(DebugLog log, LogCategory category, bool isForeign) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => log.Filter.Passes(category, Ours(logLevel));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var message = formatter(state, exception);
        log.Write(category, Ours(logLevel), exception is null ? message : message + "\n" + exception);
    }

    private LogLevel Ours(LogLevel level) => isForeign && level == LogLevel.Information ? LogLevel.Debug : level;
}
