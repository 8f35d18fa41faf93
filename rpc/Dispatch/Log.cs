using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Dispatch;

/// <summary>Lines of the dispatcher, category <c>rpc</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "ThreadRPCServer method={Method} user={User}")]
    public static partial void Call(this ILogger logger, string method, string user);

    [LoggerMessage(Level = LogLevel.Information, Message = "RPC User {User} not allowed to call any methods")]
    public static partial void NothingAllowed(this ILogger logger, string user);

    [LoggerMessage(Level = LogLevel.Information, Message = "RPC User {User} not allowed to call method {Method}")]
    public static partial void NotAllowed(this ILogger logger, string user, string method);

    [LoggerMessage(Level = LogLevel.Error, Message = "RPC method {Method} failed")]
    public static partial void Failed(this ILogger logger, Exception exception, string method);
}
