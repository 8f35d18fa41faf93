using System.Net;
using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Http;

// SYSLIB1012: the texts are Dash Core's, where "WARNING:" is part of a line without level.
#pragma warning disable SYSLIB1012

/// <summary>Lines of the HTTP server. Those at information level are always in the log and have no category, others belong to <c>http</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Binding RPC on address {Address} port {Port}")]
    public static partial void Binding(this ILogger logger, string address, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Binding RPC on address {Address} port {Port} failed.")]
    public static partial void BindingFailed(this ILogger logger, string address, int port);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Bound RPC on {EndPoint}")]
    public static partial void Bound(this ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unable to bind any endpoint for RPC server")]
    public static partial void NothingBound(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Starting HTTP server with {Threads} worker threads")]
    public static partial void Starting(this ILogger logger, int threads);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "WARNING: option -rpcallowip was specified without -rpcbind; this doesn't usually make sense")]
    public static partial void AllowIpWithoutBind(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "WARNING: option -rpcbind was ignored because -rpcallowip was not specified, refusing to allow everyone to connect")]
    public static partial void BindWithoutAllowIp(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "WARNING: the RPC server is not safe to expose to untrusted networks such as the public internet")]
    public static partial void NotSafeToExpose(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Allowing HTTP connections from: {Networks}")]
    public static partial void Allowing(this ILogger logger, string networks);

    [LoggerMessage(Level = LogLevel.Debug, Message =
        "HTTP request from {Peer} rejected: Client network is not allowed RPC access")]
    public static partial void NetworkRefused(this ILogger logger, IPEndPoint peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "HTTP request from {Peer} rejected: Host or Origin is not allowed")]
    public static partial void HostRefused(this ILogger logger, IPEndPoint peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Received a {Method} request for {Uri} from {Peer}")]
    public static partial void Received(this ILogger logger, string method, string uri, IPEndPoint peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "ThreadRPCServer incorrect password attempt from {Peer}")]
    public static partial void WrongPassword(this ILogger logger, IPEndPoint peer);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "WARNING: request rejected because http work queue depth exceeded, it can be increased with the -rpcworkqueue= setting")]
    public static partial void QueueFull(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "WARNING: request rejected because http work queue depth of externals exceeded, it can be increased with the -rpcexternalworkqueue= setting")]
    public static partial void ExternalQueueFull(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "HTTP: Calling handler for external user...")]
    public static partial void ExternalCall(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stopping HTTP server")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stopped HTTP server")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Using random cookie authentication.")]
    public static partial void UsingCookie(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Generated RPC authentication cookie {Path}")]
    public static partial void CookieWritten(this ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unable to open cookie authentication file {Path} for writing: {Reason}")]
    public static partial void CookieNotWritten(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unable to remove random auth cookie file: {Reason}")]
    public static partial void CookieNotRemoved(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Config options rpcuser and rpcpassword will soon be deprecated. Locally-run instances may remove rpcuser to use cookie-based auth, or may be replaced with rpcauth. Please see share/rpcauth for rpcauth auth generation.")]
    public static partial void UsingPassword(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Using rpcauth authentication.")]
    public static partial void UsingRpcAuth(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Invalid -rpcauth argument.")]
    public static partial void InvalidRpcAuth(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A long answer was cut off: {Reason}")]
    public static partial void CutOff(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error in the HTTP server")]
    public static partial void Unexpected(this ILogger logger, Exception exception);
}
