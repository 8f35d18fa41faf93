using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Bip324;

/// <summary>The lines this folder logs, in dashd's words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "start sending v2 handshake to peer={Peer}")]
    public static partial void HandshakeStarted(ILogger log, long peer);
}
