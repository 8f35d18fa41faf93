using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Gossip;

/// <summary>The lines this folder logs, in dashd's words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "ignoring {Message} message from {Type} peer={Peer}")]
    public static partial void AddressesIgnored(ILogger log, string message, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Received addr: {Count} addresses ({Processed} processed, {Dropped} rate-limited) from peer={Peer}")]
    public static partial void AddressesReceived(ILogger log, int count, long processed, long dropped, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "addrfetch connection completed peer={Peer}; disconnecting")]
    public static partial void AddrFetchDone(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "addrfetch connection timeout; disconnecting peer={Peer}")]
    public static partial void AddrFetchTimeout(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Ignoring \"getaddr\" from {Type} connection. peer={Peer}")]
    public static partial void GetAddrIgnored(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Ignoring repeated \"getaddr\". peer={Peer}")]
    public static partial void GetAddrRepeated(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Advertising address {Endpoint} to peer={Peer}")]
    public static partial void Advertising(ILogger log, NetEndpoint endpoint, long peer);
}
