namespace Dash.Ipc.Capabilities;

/// <summary>
/// A promise of this process: calls wait here, in order, until it is known what they go to. Whoever will resolve it
/// holds a
/// reference until it has.
/// </summary>
internal sealed class QueuedCapability : Capability
{
    private readonly TaskCompletionSource _resolved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Protects the three below. Calls that arrive while earlier ones are being passed on queue up behind them.
    private readonly Lock _gate = new();
    private readonly Queue<CallContext> _waiting = new();
    private Capability? _target;
    private bool _open;

    internal override Capability? Next
    {
        get
        {
            lock (_gate)
            {
                return _open ? _target : null;
            }
        }
    }

    internal override Task WhenResolved => _resolved.Task;

    /// <summary>Keeps the promise, once. Takes over the caller's reference to <paramref name="target"/>.</summary>
    internal void Resolve(Capability target)
    {
        if (ReferenceEquals(target.Resolution, this))
        {
            target.Release();
            target = new BrokenCapability(new IpcException(IpcErrorKind.Failed, "A promise was resolved to itself."));
        }

        lock (_gate)
        {
            if (_target is not null)
            {
                throw new InvalidOperationException("A promise was resolved twice.");
            }

            _target = target;
        }

        while (true)
        {
            CallContext call;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _open = true;
                    break;
                }

                call = _waiting.Dequeue();
            }

            target.Resolution.Deliver(call);
        }

        _resolved.TrySetResult();
    }

    /// <summary>Breaks the promise: calls fail.</summary>
    internal void Break(IpcException reason) => Resolve(new BrokenCapability(reason));

    internal override PendingCall Send(OutgoingCall call)
    {
        var inProcess = new InProcessCall(call);
        Deliver(inProcess);
        return inProcess.Pending;
    }

    internal override void Deliver(CallContext call)
    {
        lock (_gate)
        {
            if (!_open)
            {
                _waiting.Enqueue(call);
                return;
            }
        }

        Resolution.Deliver(call);
    }

    private protected override Capability? OnUnreferenced() => _target;
}
