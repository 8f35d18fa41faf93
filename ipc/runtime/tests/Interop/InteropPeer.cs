using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Tests.Interop;

/// <summary>Our end of what both ends serve.</summary>
internal sealed class InteropPeer(ProxyConnection connection) : IPeer, IAsyncDisposable
{
    private readonly List<CounterClient> _given = [];
    private QueuedCapability? _promise;
    private int _running;
    private int _cancelled;
    private int _notes;

    internal int Running => Volatile.Read(ref _running);

    internal int Cancelled => Volatile.Read(ref _cancelled);

    internal TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken ct) => new(data);

    public ValueTask<long> AddAsync(long a, long b, CancellationToken ct) => new(a + b);

    public ValueTask FailAsync(int kind, string text, CancellationToken ct) => throw new IpcException((IpcErrorKind)kind, text);

    public ValueTask<ICounter> MakeCounterAsync(CancellationToken ct) => new(new InteropCounter());

    public async ValueTask<uint> CallBackAsync(IListener listener, uint times, CancellationToken ct)
    {
        var heard = 0u;
        for (var n = times; n > 0; n--)
        {
            heard += await listener.HearAsync(n, ct);
        }

        (listener as ProxyClient)?.LetGo();
        return heard;
    }

    public ValueTask<ICounter> GiveBackAsync(ICounter counter, CancellationToken ct)
    {
        Keep(counter);
        return new(counter);
    }

    public ValueTask WaitAsync(CancellationToken ct) => UntilCancelledAsync(ct);

    public async ValueTask<ICounter> WaitWithAsync(ICounter counter, CancellationToken ct)
    {
        Keep(counter);
        await UntilCancelledAsync(ct);
        return counter;
    }

    public ValueTask<(uint Running, uint Cancelled)> WaitsAsync(CancellationToken ct) => new(((uint)Running, (uint)Cancelled));

    public ValueTask<ICounter> PromisedAsync(CancellationToken ct)
    {
        _promise = new QueuedCapability();
        var promised = new CounterClient(_promise.AddReference(), connection);
        Keep(promised);
        return new(promised);
    }

    public ValueTask KeepPromiseAsync(ICounter? counter, CancellationToken ct)
    {
        Keep(counter);
        var target = connection.Export(counter ?? new InteropCounter(), static (o, c) => new CounterServer(o, c));
        _promise!.Resolve((Capability)target!); // both are there: the test asked for the promise, and a counter is exported
        return ValueTask.CompletedTask;
    }

    public ValueTask BreakPromiseAsync(string text, CancellationToken ct)
    {
        _promise!.Break(new IpcException(IpcErrorKind.Overloaded, text)); // as above
        return ValueTask.CompletedTask;
    }

    public async ValueTask<uint> TailAsync(IPeer? next, uint n, CancellationToken ct)
    {
        var last = next is null ? n : await next.TailAsync(null, n + 1, ct);
        (next as ProxyClient)?.LetGo();
        return last;
    }

    public ValueTask EndAsync(CancellationToken ct) => throw new IpcException("This process stays.");

    public ValueTask<(ICounter? Counter, ReadOnlyMemory<byte> Data)> NothingAsync(CancellationToken ct) => new((null, default));

    public ValueTask<string> LaneEchoAsync(string text, CancellationToken ct) => new(text);

    public async ValueTask<uint> LaneCallBackAsync(ILaneListener listener, uint times, CancellationToken ct)
    {
        var heard = 0u;
        for (var n = times; n > 0; n--)
        {
            heard += await listener.HearAsync(n, ct);
        }

        (listener as ProxyClient)?.LetGo();
        return heard;
    }

    public ValueTask NoteWithoutAnswerAsync(uint n, CancellationToken ct)
    {
        Interlocked.Increment(ref _notes);
        return ValueTask.CompletedTask;
    }

    public ValueTask<uint> NotedAsync(CancellationToken ct) => new((uint)Volatile.Read(ref _notes));

    public ValueTask DisposeAsync()
    {
        lock (_given)
        {
            foreach (var given in _given)
            {
                given.LetGo();
            }

            _given.Clear();
        }

        Disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    // Objects of the caller that results name: they are held until the caller is gone.
    private void Keep(ICounter? counter)
    {
        if (counter is CounterClient client)
        {
            lock (_given)
            {
                _given.Add(client);
            }
        }
    }

    private async ValueTask UntilCancelledAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
        finally
        {
            Interlocked.Increment(ref _cancelled);
            Interlocked.Decrement(ref _running);
        }
    }
}
