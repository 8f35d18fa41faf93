using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>What the making of connections logs; the words are dashd's.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} thread start")]
    public static partial void ThreadStarted(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} thread exit")]
    public static partial void ThreadEnded(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Resolver returned invalid address {Address} for {Name}")]
    public static partial void InvalidResolution(ILogger log, NetEndpoint address, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Not opening a connection to {Name}, already connected to {Address}")]
    public static partial void AlreadyConnectedTo(ILogger log, string name, NetEndpoint address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Failed to open new connection, already connected")]
    public static partial void AlreadyConnected(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "trying {Transport} connection {Target}lastseen={Hours:F1}hrs")]
    public static partial void Trying(ILogger log, string transport, string target, double hours);

    [LoggerMessage(Level = LogLevel.Information, Message = "connect() to {Address} failed: {Reason}")]
    public static partial void ManualConnectFailed(ILogger log, string address, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connect() to {Address} failed: {Reason}")]
    public static partial void ConnectFailed(ILogger log, string address, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Added connection peer={Peer}")]
    public static partial void Added(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Added connection to {Name} peer={Peer}")]
    public static partial void AddedTo(ILogger log, string name, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection {From}accepted, peer={Peer}")]
    public static partial void Accepted(ILogger log, string from, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection {From}dropped: not accepting new connections")]
    public static partial void NotAccepting(ILogger log, string from);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection {From}dropped (banned)")]
    public static partial void Banned(ILogger log, string from);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection from {Address} dropped (discouraged)")]
    public static partial void Discouraged(ILogger log, NetEndpoint address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "failed to find an eviction candidate - connection dropped (full)")]
    public static partial void Full(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bound to {Address}")]
    public static partial void Bound(ILogger log, NetEndpoint address);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    public static partial void BindFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "socket error accept failed: {Reason}")]
    public static partial void AcceptFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Network not active, dropping peer={Peer}")]
    public static partial void NetworkInactive(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "SetNetworkActive: {IsActive}")]
    public static partial void NetworkActive(ILogger log, string isActive);

    [LoggerMessage(Level = LogLevel.Debug, Message = "socket no message in first {Seconds} seconds, {Received} {Sent} peer={Peer}")]
    public static partial void NoFirstMessage(ILogger log, long seconds, int received, int sent, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "socket sending timeout: {Seconds}s peer={Peer}")]
    public static partial void SendTimeout(ILogger log, long seconds, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "socket receive timeout: {Seconds}s peer={Peer}")]
    public static partial void ReceiveTimeout(ILogger log, long seconds, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "version handshake timeout peer={Peer}")]
    public static partial void HandshakeTimeout(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "V2 handshake timeout peer={Peer}")]
    public static partial void TransportTimeout(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "retrying with v1 transport protocol for peer={Peer}")]
    public static partial void RetryingWithV1(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "disconnect by address{Address} matched peer={Peer}; disconnecting")]
    public static partial void DisconnectByAddress(ILogger log, string address, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "disconnect by id peer={Peer}; disconnecting")]
    public static partial void DisconnectById(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "disconnect by subnet{Subnet} matched peer={Peer}; disconnecting")]
    public static partial void DisconnectBySubnet(ILogger log, string subnet, long peer);
}
