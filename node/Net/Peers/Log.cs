using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Peers;

/// <summary>What connections log; the words are dashd's.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "sending {Type} ({Bytes} bytes) peer={Peer}")]
    public static partial void Sending(ILogger log, string type, int bytes, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "disconnecting peer={Peer}")]
    public static partial void Disconnecting(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "socket closed for peer={Peer}")]
    public static partial void SocketClosed(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "socket recv error for peer={Peer}: {Reason}")]
    public static partial void ReceiveFailed(ILogger log, long peer, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "socket send error for peer={Peer}: {Reason}")]
    public static partial void SendFailed(ILogger log, long peer, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Fault}, peer={Peer}")]
    public static partial void Fault(ILogger log, string fault, long peer);
}
