using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Connections;

/// <summary>What this folder logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "IPC {Peer}: socket disconnected: {Reason}")]
    internal static partial void Disconnected(ILogger logger, string peer, string reason);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "IPC {Peer}: connection ended: {Reason}")]
    internal static partial void Broken(ILogger logger, string peer, string reason);

    [LoggerMessage(EventId = 22, Level = LogLevel.Debug, Message = "IPC {Peer}: ignored a resolution of import {Id}")]
    internal static partial void IgnoredResolve(ILogger logger, string peer, uint id);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "IPC {Peer}: a call was not answered in time and was given up")]
    internal static partial void Overdue(ILogger logger, string peer);
}
