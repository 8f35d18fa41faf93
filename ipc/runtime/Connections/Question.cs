using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Connections;

/// <summary>
/// A call we made.
/// <code>
/// Sent --Return--> Returned --response disposed: Finish--> gone
///   \--cancelled: Finish--> FinishSent --Return--> gone
/// </code>
/// All but <see cref="Response"/> is protected by the connection's lock.
/// </summary>
internal sealed class Question(Connection connection, uint id) : PendingCall
{
    private readonly TaskCompletionSource<CallResponse> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _ended;

    internal enum Phase
    {
        Sent,
        FinishSent,
        Returned,
        Gone,
    }

    internal uint Id => id;

    internal Phase State { get; set; }

    /// <summary>Whether it is given up when it waits too long.</summary>
    internal bool HasDeadline { get; set; }

    /// <summary>Whether nothing in its results is a secret.</summary>
    internal bool IsPublic { get; set; }

    /// <summary>How often it was looked at while it waited.</summary>
    internal int Looks { get; set; }

    /// <summary>Numbers of the exports named in its parameters, one for each time.</summary>
    internal List<uint>? ParamExports { get; set; }

    /// <summary>Promises made of its results while they are out.</summary>
    internal List<PipelinedCapability>? Pipelined { get; set; }

    /// <summary>The results, once returned.</summary>
    internal PointerReader Content { get; set; }

    /// <summary>Why there are none, once known.</summary>
    internal IpcException? Failure { get; set; }

    /// <summary>Whether it was answered by another call's results, which are still awaited.</summary>
    internal bool IsRedirected { get; set; }

    /// <summary>Whether the Return said that the peer keeps nothing of the call.</summary>
    internal bool NoFinishNeeded { get; set; }

    internal override Task<CallResponse> Response => _response.Task;

    internal override Task WhenEnded => connection.WhenEnded(this);

    /// <summary>What <see cref="WhenEnded"/> completes by; made when somebody asks before the end.</summary>
    internal Task EndedTask => (_ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    internal override Capability Pipeline(params ReadOnlySpan<ushort> path) => connection.Pipeline(this, path);

    internal override void Cancel(CancellationToken ct) => connection.Cancel(this, ct);

    /// <summary>Hands the results to whoever waits; if nobody does any more, they are let go.</summary>
    internal void Succeed(CallResponse response)
    {
        if (!_response.TrySetResult(response))
        {
            response.Dispose();
        }
    }

    /// <summary>The results were let go: the peer may forget the call.</summary>
    internal void Finish() => connection.Finish(this);

    internal void Fail(IpcException failure) => _response.TrySetException(failure);

    internal void SetCanceled(CancellationToken ct) => _response.TrySetCanceled(ct);

    internal void SetEnded() => _ended?.TrySetResult();
}
