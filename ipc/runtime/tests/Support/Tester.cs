using System.Collections.Concurrent;
using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Tests.Support;

/// <summary>The object behind: does what it is told and remembers what happened to it.</summary>
internal sealed class Tester : ITester
{
    private int _quick;

    /// <summary>What is begun with an object that is handed over, and not waited for before the answer.</summary>
    internal Func<ITester, Task>? Begins { get; set; }

    /// <summary>What an echo does first, in its thread.</summary>
    internal Action? OnEcho { get; set; }

    /// <summary>What was begun.</summary>
    internal ConcurrentQueue<Task> Begun { get; } = [];

    internal List<long> Added { get; } = [];

    internal List<Tester> Made { get; } = [];

    internal int Disposals { get; private set; }

    internal TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource WaitStarted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource WaitCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<long> AddAsync(long a, long b, CancellationToken ct)
    {
        lock (Added)
        {
            Added.Add(a);
        }

        return new(a + b);
    }

    public ValueTask FailAsync(string kind, CancellationToken ct) => throw (kind switch
    {
        "bug" => new InvalidOperationException("something broke"),
        _ => new IpcException(Enum.Parse<IpcErrorKind>(kind), "as asked: " + kind),
    });

    public async ValueTask<long> NestAsync(long depth, ITester? peer, CancellationToken ct)
    {
        try
        {
            return depth == 0 || peer is null ? 0 : 1 + await peer.NestAsync(depth - 1, this, ct);
        }
        finally
        {
            if (peer is TesterClient client)
            {
                client.LetGo();
            }
        }
    }

    public ValueTask<ITester> MakeAsync(CancellationToken ct)
    {
        var made = new Tester();
        lock (Made)
        {
            Made.Add(made);
        }

        return new(made);
    }

    public async ValueTask WaitAsync(CancellationToken ct)
    {
        WaitStarted.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
        catch (OperationCanceledException)
        {
            WaitCancelled.TrySetResult();
            throw;
        }
    }

    public ValueTask<ITester?> GiveBackAsync(ITester? tester, CancellationToken ct)
    {
        if (Begins is null || tester is null)
        {
            return new(tester);
        }

        Begun.Enqueue(Task.Run(() => Begins(tester), ct));
        return default;
    }

    public ValueTask<long> QuickAsync(CancellationToken ct) => new(Interlocked.Increment(ref _quick));

    public ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        OnEcho?.Invoke();
        return new(data);
    }

    public ValueTask DisposeAsync()
    {
        Disposals++;
        Disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
