using System.Diagnostics.CodeAnalysis;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Capabilities;

/// <summary>A call whose caller and callee are both in this process: the two sides of it in one.</summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The results go with the response; a source without a timer holds nothing.")]
internal sealed class InProcessCall(OutgoingCall call) : CallContext(call.InterfaceId, call.MethodId)
{
    private readonly TaskCompletionSource<CallResponse> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancelled = new();
    private readonly MessageBuilder _results = new();

    // Protects _pipelined against a completion at the same moment.
    private readonly Lock _gate = new();
    private List<(ushort[] Path, QueuedCapability Promise)>? _pipelined;
    private Func<ushort[], Capability>? _pipeline;

    /// <summary>The caller's side.</summary>
    internal PendingCall Pending => field ??= new CallerSide(this);

    internal override PointerReader ParamsPointer => call.Content.AsReader();

    internal override PointerBuilder ResultsPointer => _results.Root;

    internal override IList<CapabilityHandle?> ResultCapabilities => _results.Capabilities;

    internal override int ParamsSize => 0;

    internal override int ResultsSize => _results.TotalWords * 8;

    internal override CancellationToken Cancelled => _cancelled.Token;

    internal override void Complete()
    {
        var content = _results.Root.AsReader();
        ResolvePipelined(path => CapabilityTable.At(content, path));
        var response = new CallResponse(static state => ((MessageBuilder)state).Dispose(), _results).Fill(content, _results.Capabilities, 0);
        if (!_response.TrySetResult(response))
        {
            response.Dispose(); // the caller has gone
        }

        call.Discard();
        _ended.TrySetResult();
    }

    internal override void Fail(IpcException failure)
    {
        ResolvePipelined(_ => new BrokenCapability(failure));
        _response.TrySetException(failure);
        CapabilityTable.Release(_results.Capabilities);
        _results.Dispose();
        call.Discard();
        _ended.TrySetResult();
    }

    private void ResolvePipelined(Func<ushort[], Capability> pipeline)
    {
        List<(ushort[] Path, QueuedCapability Promise)>? promises;
        lock (_gate)
        {
            _pipeline = pipeline;
            promises = _pipelined;
            _pipelined = null;
        }

        foreach (var (path, promise) in promises ?? [])
        {
            promise.Resolve(pipeline(path));
            promise.Release();
        }
    }

    private sealed class CallerSide(InProcessCall call) : PendingCall
    {
        internal override Task<CallResponse> Response => call._response.Task;

        internal override Capability Pipeline(params ReadOnlySpan<ushort> path)
        {
            lock (call._gate)
            {
                if (call._pipeline is null)
                {
                    var promise = new QueuedCapability();
                    (call._pipelined ??= []).Add((path.ToArray(), promise));
                    return promise.AddReference();
                }
            }

            return call._response.Task is { IsCompletedSuccessfully: true }
                ? call._pipeline(path.ToArray())
                : new BrokenCapability(new IpcException(IpcErrorKind.Failed, "The call has no results."));
        }

        internal override Task WhenEnded => call._ended.Task;

        internal override void Cancel(CancellationToken ct)
        {
            if (call._response.TrySetCanceled(ct))
            {
                call._cancelled.Cancel();
            }
        }
    }
}
