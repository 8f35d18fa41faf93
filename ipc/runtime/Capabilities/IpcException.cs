using System.Globalization;

namespace Dash.Ipc.Capabilities;

/// <summary>A call to another process failed: there, or on the way.</summary>
public sealed class IpcException : Exception
{
    /// <summary>Characters of a peer's text that are kept.</summary>
    internal const int MaxReasonLength = 4096;

    private const string RemotePrefix = "remote exception: ";

    /// <summary>A failure without a reason.</summary>
    public IpcException()
        : this(IpcErrorKind.Failed, "Unspecified failure.")
    {
    }

    /// <summary>A failure of this process.</summary>
    public IpcException(string message)
        : this(IpcErrorKind.Failed, message)
    {
    }

    /// <summary>A failure of this process, with what led to it.</summary>
    public IpcException(string message, Exception innerException)
        : this(IpcErrorKind.Failed, message, innerException)
    {
    }

    /// <summary>A failure of this process.</summary>
    /// <param name="kind">What a peer that called us is told.</param>
    /// <param name="reason">The text a peer is told; never a secret.</param>
    /// <param name="cause">What led to it, or null.</param>
    public IpcException(IpcErrorKind kind, string reason, Exception? cause = null)
        : base(reason, cause)
    {
        Kind = kind;
        Reason = reason;
    }

    private IpcException(IpcErrorKind kind, string message, string reason, Exception? cause)
        : base(message, cause)
    {
        Kind = kind;
        Reason = reason;
        IsRemote = true;
    }

    /// <summary>What kind of failure.</summary>
    public IpcErrorKind Kind { get; }

    /// <summary>
    /// The text as its author wrote it; <see cref="Exception.Message"/> adds that it came from elsewhere.
    /// </summary>
    public string Reason { get; }

    /// <summary>Whether another process raised it.</summary>
    public bool IsRemote { get; }

    /// <summary>A failure that a peer reported.</summary>
    internal static IpcException Remote(IpcErrorKind kind, string reason, Exception? cause = null)
    {
        if (reason.StartsWith(RemotePrefix, StringComparison.Ordinal))
        {
            reason = reason[RemotePrefix.Length..]; // said once is enough, however many hops
        }

        if (reason.Length > MaxReasonLength)
        {
            reason = reason[..MaxReasonLength];
        }

        return new IpcException(kind, RemotePrefix + reason, reason, cause);
    }

    /// <summary>What a peer is told about an exception of a method of ours.</summary>
    internal static IpcException Of(Exception failure) => failure switch
    {
        IpcException ipc => ipc,
        Layout.IpcFormatException format => new IpcException(IpcErrorKind.Failed, format.Message, format),
        _ => new IpcException(IpcErrorKind.Failed, "std::exception: " + failure.Message, failure),
    };

    /// <summary>The object has the interface but not the method.</summary>
    /// <param name="interfaceName">As <c>file.capnp:Name</c>.</param>
    /// <param name="interfaceId">The interface's id.</param>
    /// <param name="methodId">The method's ordinal.</param>
    public static IpcException UnknownMethod(string interfaceName, ulong interfaceId, ushort methodId) => new(
        IpcErrorKind.Unimplemented,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Method not implemented.; interfaceName = {interfaceName}; typeId = {interfaceId}; methodId = {methodId}"));

    /// <summary>The object doesn't have the interface.</summary>
    /// <param name="actualInterfaceName">What it has, as <c>file.capnp:Name</c>.</param>
    /// <param name="requestedInterfaceId">What was asked for.</param>
    public static IpcException UnknownInterface(string actualInterfaceName, ulong requestedInterfaceId) => new(
        IpcErrorKind.Unimplemented,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Requested interface not implemented.; actualInterfaceName = {actualInterfaceName}; requestedTypeId = {requestedInterfaceId}"));
}
