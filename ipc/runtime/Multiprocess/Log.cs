using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Multiprocess;

/// <summary>What this folder logs, in the words that libmultiprocess has for it.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "IPC client send {Call}$Params {Arguments} ({Size} bytes to {Peer})")]
    internal static partial void ClientSend(ILogger logger, CallName call, string arguments, int size, string peer);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug,
        Message = "IPC client recv {Call}$Results {Results} ({Size} bytes from {Peer}, {Elapsed} ms)")]
    internal static partial void ClientReceive(ILogger logger, CallName call, string results, int size, string peer, double elapsed);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug,
        Message = "IPC client error {Call}$Results ({Peer}, {Elapsed} ms) {Text}")]
    internal static partial void ClientError(ILogger logger, CallName call, string peer, double elapsed, string text);

    [LoggerMessage(EventId = 4, Level = LogLevel.Debug,
        Message = "IPC server recv request  #{Number} {Call}$Params {Arguments} ({Size} bytes from {Peer})")]
    internal static partial void ServerReceive(ILogger logger, long number, CallName call, string arguments, int size, string peer);

    [LoggerMessage(EventId = 5, Level = LogLevel.Debug,
        Message = "IPC server send response #{Number} {Call}$Results {Results} ({Size} bytes to {Peer}, {Elapsed} ms)")]
    internal static partial void ServerSend(
        ILogger logger, long number, CallName call, string results, int size, string peer, double elapsed);

    [LoggerMessage(EventId = 6, Level = LogLevel.Debug,
        Message = "IPC server error request #{Number} {Call}$Results {Text}")]
    internal static partial void ServerError(ILogger logger, long number, CallName call, string text);

    [LoggerMessage(EventId = 7, Level = LogLevel.Error,
        Message = "IPC server error request #{Number} {Call}$Results {Text}")]
    internal static partial void ServerFailed(ILogger logger, long number, CallName call, string text, Exception? failure);

    [LoggerMessage(EventId = 8, Level = LogLevel.Debug,
        Message = "IPC server request #{Number} canceled while executing.")]
    internal static partial void ServerCanceled(ILogger logger, long number);

    [LoggerMessage(EventId = 9, Level = LogLevel.Debug, Message = "IPC client destroy {Type}: {Text}")]
    internal static partial void DestroyFailed(ILogger logger, string type, string text);

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "IPC client {Type} was never disposed")]
    internal static partial void Leaked(ILogger logger, string type);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "IPC object failed to end")]
    internal static partial void CleanUpFailed(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 12, Level = LogLevel.Debug, Message = "IPC server: socket connected. ({Peer})")]
    internal static partial void Connected(ILogger logger, string peer);

    [LoggerMessage(EventId = 13, Level = LogLevel.Warning, Message = "IPC server: connection refused: {Reason}")]
    internal static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(EventId = 14, Level = LogLevel.Debug, Message = "Process {Path} pid {ProcessId} launched")]
    internal static partial void Launched(ILogger logger, string path, int processId);

    [LoggerMessage(EventId = 15, Level = LogLevel.Debug, Message = "Process {Path} pid {ProcessId} {Exit}")]
    internal static partial void Exited(ILogger logger, string path, int processId, ChildExit exit);
}
