using Microsoft.Extensions.Logging;

namespace Dash.Node.Indexes;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Syncing {Name} with block chain from height {Height}")]
    public static partial void Syncing(ILogger log, string name, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is enabled at height {Height}")]
    public static partial void Enabled(ILogger log, string name, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is built anew: {Reason}")]
    public static partial void BuiltAnew(ILogger log, string name, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Warning} previous block header belongs to unexpected block {Found}; expected {Expected}")]
    public static partial void UnexpectedPrevious(
        ILogger log, string found, string expected, string warning = "WARNING:");
}
