using Dash.Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>What the services log.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "A chain subscriber is gone: {Reason}")]
    public static partial void SubscriberLost(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A chain subscriber did not take an event and is told nothing more until it subscribes again: {Reason}")]
    public static partial void SubscriberDropped(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process {Pid} started")]
    public static partial void WalletStarted(ILogger log, int pid);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet process serves {Count} RPC methods")]
    public static partial void WalletRegistered(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wallet process {Reason}; it is started again")]
    public static partial void WalletEnded(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wallet process pid {ProcessId} does not answer; it is ended if it does not end by itself")]
    public static partial void WalletHangs(ILogger log, int processId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wallet process cannot be started, and is tried again: {Reason}")]
    public static partial void WalletNotStarted(ILogger log, string reason);

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

    [LoggerMessage(Level = LogLevel.Debug, Message = "version {Major}.{Minor}.{Patch}")]
    public static partial void ZmqVersion(ILogger log, int major, int minor, int patch);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Reason}")]
    public static partial void ZmqFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Nothing is published by ZeroMQ, its library is missing: {Reason}")]
    public static partial void ZmqMissing(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Notifier {Type} ready (address = {Address})")]
    public static partial void ZmqReady(ILogger log, string type, string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Notifier {Type} failed (address = {Address})")]
    public static partial void ZmqNotReady(ILogger log, string type, string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reusing socket for address {Address}")]
    public static partial void ZmqReused(ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Outbound message high water mark for {Type} at {Address} is {Mark}")]
    public static partial void ZmqHighWaterMark(ILogger log, string type, string address, int mark);

    [LoggerMessage(Level = LogLevel.Information, Message = "Too much happened at once to publish all of it by ZeroMQ; going on after event {Sequence}")]
    public static partial void ZmqLagged(ILogger log, ulong sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attached processes must ask for the sequence over the socket: {Reason}")]
    public static partial void NoSequenceFile(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "init message: {Doing}")]
    public static partial void InitMessage(ILogger log, string doing);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} thread start")]
    public static partial void ThreadStarted(ILogger log, string name);
}
