namespace Dash.Ipc.Capabilities;

/// <summary>Passes a call that arrived here on to a capability of another process, and its answer back.</summary>
internal static class Forwarding
{
    /// <summary>Sends the call on before it returns, so that order is kept; the answer follows when it comes.</summary>
    internal static void Start(RemoteCapability target, CallContext call)
    {
        PendingCall pending;
        try
        {
            var outgoing = new OutgoingCall(call.InterfaceId, call.MethodId);
            outgoing.CopyParams(call);
            pending = target.Send(outgoing);
        }
        catch (Layout.IpcFormatException illFormed)
        {
            call.Fail(IpcException.Of(illFormed));
            return;
        }

        _ = AnswerAsync(pending, call); // never throws: its end is the call's end
    }

    private static async Task AnswerAsync(PendingCall pending, CallContext call)
    {
        try
        {
            // The state is the pending call given beside it.
            await using var cancellation = call.Cancelled.UnsafeRegister(static (state, ct) => ((PendingCall)state!).Cancel(ct), pending).ConfigureAwait(false);
            using var response = await pending.ResponseOnce.ConfigureAwait(false);
            call.CopyResults(response);
        }
        catch (Exception failure)
        {
            call.Fail(IpcException.Of(failure));
            return;
        }

        call.Complete();
    }
}
