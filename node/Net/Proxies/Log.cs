using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Proxies;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Proxy {Proxy} can't be reached: {Reason}")]
    public static partial void ProxyUnreachable(ILogger log, ProxyAddress proxy, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SOCKS5 connecting {Host}")]
    public static partial void Socks5Connecting(ILogger log, string host);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SOCKS5 connected {Host}")]
    public static partial void Socks5Connected(ILogger log, string host);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SOCKS5 sending proxy authentication {User}:{Password}")]
    public static partial void Socks5Authenticating(ILogger log, string user, string password);

    [LoggerMessage(Level = LogLevel.Information, Message = "Socks5() connect to {Host}:{Port} failed: {Reason}")]
    public static partial void Socks5Failed(ILogger log, string host, ushort port, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Creating {Kind} SAM session {Id} with {Bridge}")]
    public static partial void I2pCreating(ILogger log, string kind, string id, ProxyAddress bridge);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} SAM session {Id} created, my address={Address}")]
    public static partial void I2pCreated(ILogger log, string kind, string id, NetEndpoint address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Destroying SAM session {Id}")]
    public static partial void I2pDestroying(ILogger log, string id);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Error connecting to {Target}, connection refused due to arbitrary port {Port}")]
    public static partial void I2pPortRefused(ILogger log, NetEndpoint target, ushort port);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Error connecting to {Target}: {Reason}")]
    public static partial void I2pConnectFailed(ILogger log, NetEndpoint target, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Couldn't listen: {Reason}")]
    public static partial void I2pListenFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Error accepting{Consequence}: {Reason}")]
    public static partial void I2pAcceptFailed(ILogger log, string consequence, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Not connected to Tor control port {Control}, will retry: {Reason}")]
    public static partial void TorFailed(ILogger log, ProxyAddress control, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Successfully connected to Tor control port {Control}")]
    public static partial void TorConnected(ILogger log, ProxyAddress control);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Configuring onion proxy for {Endpoint}")]
    public static partial void TorProxy(ILogger log, NetEndpoint endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Got tor service ID, advertising service {Service}")]
    public static partial void TorService(ILogger log, NetEndpoint service);
}
