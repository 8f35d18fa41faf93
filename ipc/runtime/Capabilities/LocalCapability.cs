namespace Dash.Ipc.Capabilities;

/// <summary>A capability whose object is in this process.</summary>
public abstract class LocalCapability : Capability
{
    /// <summary>Only this assembly decides how calls reach an object.</summary>
    private protected LocalCapability()
    {
    }

    internal sealed override PendingCall Send(OutgoingCall call)
    {
        var inProcess = new InProcessCall(call);
        Deliver(inProcess);
        return inProcess.Pending;
    }
}
