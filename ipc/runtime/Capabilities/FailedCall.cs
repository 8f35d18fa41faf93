namespace Dash.Ipc.Capabilities;

/// <summary>A call that failed before it was sent.</summary>
internal sealed class FailedCall(IpcException reason) : PendingCall
{
    internal override Task<CallResponse> Response { get; } = Task.FromException<CallResponse>(reason);

    internal override Capability Pipeline(params ReadOnlySpan<ushort> path) => new BrokenCapability(reason);

    internal override Task WhenEnded => Task.CompletedTask;

    internal override void Cancel(CancellationToken ct)
    {
    }
}
