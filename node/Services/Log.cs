using Dash.Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>What the services log.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "A chain subscriber is gone: {Reason}")]
    public static partial void SubscriberLost(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process {Pid} started")]
    public static partial void WalletStarted(ILogger log, int pid);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process serves {Count} RPC methods")]
    public static partial void WalletRegistered(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process has ended: {Reason}")]
    public static partial void WalletEnded(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process at {Address} serves {Count} RPC methods")]
    public static partial void WalletAttached(ILogger log, IpcAddress address, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process at {Address} is gone")]
    public static partial void WalletGone(ILogger log, IpcAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "No wallet process at {Address} ({Reason}): waiting")]
    public static partial void NoWallet(ILogger log, IpcAddress address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for IPC connections on {Address}")]
    public static partial void Listening(ILogger log, IpcAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "This side's IPC certificate has the fingerprint {Fingerprint}")]
    public static partial void Identity(ILogger log, string fingerprint);
}
