namespace Dash.Ipc.Capabilities;

/// <summary>Fails every call for one reason.</summary>
internal sealed class BrokenCapability(IpcException reason) : Capability
{
    internal IpcException Reason => reason;

    /// <summary>What a null pointer is when it is called.</summary>
    internal static BrokenCapability Null() => new(new IpcException(IpcErrorKind.Failed, "Called null capability."));

    /// <summary>What a path into results is that leads to no capability.</summary>
    internal static BrokenCapability InvalidTransform() =>
        new(new IpcException(IpcErrorKind.Failed, "Invalid pipeline transform."));

    internal override PendingCall Send(OutgoingCall call)
    {
        call.Discard();
        return new FailedCall(reason);
    }

    internal override void Deliver(CallContext call) => call.Fail(reason);

    private protected override Capability? OnUnreferenced() => null;
}
