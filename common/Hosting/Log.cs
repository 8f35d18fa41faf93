using Microsoft.Extensions.Logging;

namespace Dash.Common.Hosting;

/// <summary>Lines of a daemon's start and end.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    public static partial void Line(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void Warning(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Text}")]
    public static partial void Refused(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} failed")]
    public static partial void Failed(ILogger logger, string service, Exception reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "runCommand error: system({Command}) returned {Code}")]
    public static partial void CommandFailed(ILogger logger, string command, int code);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shutdown: In progress...")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shutdown: done")]
    public static partial void Stopped(ILogger logger);
}
