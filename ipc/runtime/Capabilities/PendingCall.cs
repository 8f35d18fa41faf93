namespace Dash.Ipc.Capabilities;

/// <summary>A call under way, from the caller's side.</summary>
internal abstract class PendingCall
{
    /// <summary>The results, which the caller disposes; or the failure. A cancelled call is a cancelled task.</summary>
    internal abstract Task<CallResponse> Response { get; }

    /// <summary>The same for a caller who asks once and awaits it once, without a task.</summary>
    internal virtual ValueTask<CallResponse> ResponseOnce => new(Response);

    /// <summary>
    /// Instead of the last use: its caller had the response of <see cref="ResponseOnce"/> and disposed of it, and nobody else knows
    /// the call, which may serve for another from now on.
    /// </summary>
    internal virtual void Recycle()
    {
    }

    /// <summary>
    /// The capability that will be at that place in the results, usable right now; with a reference of its own.
    /// </summary>
    internal abstract Capability Pipeline(params ReadOnlySpan<ushort> path);

    /// <summary>Tells the callee that nobody waits any more. Does nothing once the call has ended.</summary>
    /// <param name="ct">Whose cancellation it is.</param>
    internal abstract void Cancel(CancellationToken ct);

    /// <summary>
    /// Completes when the callee has ended the call, which may be long after it was cancelled. Never fails.
    /// </summary>
    internal abstract Task WhenEnded { get; }
}
