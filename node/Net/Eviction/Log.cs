using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Eviction;

/// <summary>The lines this folder logs, in dashd's words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "selected inbound connection for eviction peer={Peer}; disconnecting")]
    public static partial void Evicting(ILogger log, long peer);
}
