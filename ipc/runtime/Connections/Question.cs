using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// A call we made.
/// <code>
/// Sent --Return--> Returned --response disposed: Finish--> gone
///   \--cancelled: Finish--> FinishSent --Return--> gone
/// </code>
/// All but the outcome is protected by the connection's lock.
/// </summary>
/// <remarks>
/// A call that went the upper way to its end, and of which nobody holds anything but its one caller, is used for another by
/// <see cref="Recycle"/>. One that was cancelled, failed or was pipelined on never is: what is still to come for it meets it alone.
/// </remarks>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The response is its caller's to dispose.")]
internal sealed class Question : PendingCall, IValueTaskSource<CallResponse>, IThreadPoolWorkItem
{
    private readonly Connection _connection;
    private readonly CallResponse _response;
    private ManualResetValueTaskSourceCore<CallResponse> _outcome;
    private Task<CallResponse>? _task;
    private TaskCompletionSource? _ended;
    private Exception? _failure;
    private int _isSettled;

    internal Question(Connection connection)
    {
        _connection = connection;
        _response = new CallResponse(static state => ((Question)state).Finish(), this);
    }

    internal enum Phase
    {
        Sent,
        FinishSent,
        Returned,
        Gone,
    }

    internal uint Id { get; private set; }

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

    /// <summary>What else is let go with the results of a redirected call.</summary>
    internal Action? OnFinished { get; set; }

    /// <summary>What the results are read from; of a call that can be used again, what was last.</summary>
    internal MessageReader? Message { get; set; }

    /// <summary>Whether nobody but the connection and the one caller ever had to do with it.</summary>
    internal bool IsOnlyTheCallers => !WasPipelined && !IsRedirected && _ended is null && _task is null;

    /// <summary>Whether a promise was ever made of its results.</summary>
    internal bool WasPipelined { get; set; }

    internal override Task<CallResponse> Response => _task ??= ResponseOnce.AsTask();

    internal override ValueTask<CallResponse> ResponseOnce => new(this, _outcome.Version);

    internal override Task WhenEnded => _connection.WhenEnded(this);

    /// <summary>What <see cref="WhenEnded"/> completes by; made when somebody asks before the end.</summary>
    internal Task EndedTask => (_ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    internal override Capability Pipeline(params ReadOnlySpan<ushort> path) => _connection.Pipeline(this, path);

    internal override void Cancel(CancellationToken ct) => _connection.Cancel(this, ct);

    internal override void Recycle() => _connection.Recycle(this);

    /// <summary>Begins its life, or another one.</summary>
    internal void Begin(uint id)
    {
        Id = id;
        State = Phase.Sent;
        HasDeadline = false;
        IsPublic = false;
        Looks = 0;
        ParamExports = null;
        Pipelined = null;
        NoFinishNeeded = false;
        if (_isSettled != 0)
        {
            _outcome.Reset();
            _isSettled = 0;
        }
    }

    /// <summary>Ends its life: the results were read, and their memory is not kept.</summary>
    internal void Empty()
    {
        Content = default;
        Message?.Empty();
    }

    /// <summary>The response to give when results have come.</summary>
    internal CallResponse Fill(IEnumerable<CapabilityHandle?> capabilities, int size) => _response.Fill(Content, capabilities, size);

    /// <summary>
    /// Hands the results to whoever waits; if nobody does any more, they are let go. Whoever says this touches the call no more.
    /// </summary>
    internal void Succeed(CallResponse response)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0)
        {
            Reception.Post(this);
        }
        else
        {
            response.Dispose();
        }
    }

    /// <summary>The results were let go: the peer may forget the call.</summary>
    internal void Finish()
    {
        OnFinished?.Invoke();
        _connection.Finish(this);
    }

    internal void Fail(IpcException failure) => Settle(failure);

    internal void SetCanceled(CancellationToken ct) => Settle(new OperationCanceledException(ct));

    internal void SetEnded() => _ended?.TrySetResult();

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is not null)
        {
            _outcome.SetException(_failure);
        }
        else
        {
            _outcome.SetResult(_response);
        }
    }

    CallResponse IValueTaskSource<CallResponse>.GetResult(short token) => _outcome.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<CallResponse>.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource<CallResponse>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Settle(Exception failure)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0)
        {
            _failure = failure;
            Reception.Post(this);
        }
    }
}
