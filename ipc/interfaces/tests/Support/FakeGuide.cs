using Dash.Ipc.Interfaces.Tests.Schemas;
using Dash.Primitives.Transactions;

namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>Gives back what it gets, in the ways of the schema.</summary>
internal sealed class FakeGuide : IGuide
{
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource WaitCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ITraveller? LastVisitor { get; private set; }

    public ValueTask<string> GreetAsync(string name, CancellationToken ct) => new($"Hello {name}!");

    public ValueTask<(IReadOnlyList<Item> Items, IReadOnlyList<string> Tags, IReadOnlyList<double> Weights, IReadOnlyList<Kind> Kinds, IReadOnlyList<IReadOnlyList<int>> Grid)> PackAsync(
        IReadOnlyList<Item> items, IReadOnlyList<string> tags, IReadOnlyList<double> weights, IReadOnlyList<Kind> kinds,
        IReadOnlyList<IReadOnlyList<int>> grid, CancellationToken ct) => new((items, tags, weights, kinds, grid));

    public ValueTask<Item?> FindAsync(string name, int? limit, CancellationToken ct) =>
        new(limit is { } count ? new Item(name, count, null, default, Kind.First, null) : null);

    public ValueTask<(IReadOnlyList<Txid> Result, Kind Kind)> StampAsync(
        IReadOnlyList<Txid> txids, Kind kind, CancellationToken ct) => new(([.. txids.Reverse()], kind));

    public ValueTask<string> RiskyAsync(string reason, CancellationToken ct) => reason switch
    {
        "safe" => new("arrived"),
        "bug" => throw new InvalidOperationException("not declared"),
        _ => throw new JourneyException(reason),
    };

    public ValueTask RiskierAsync(string reason, CancellationToken ct) =>
        reason == "safe" ? default : throw new JourneyException(reason);

    public async ValueTask<string> VisitAsync(ITraveller host, int rounds, CancellationToken ct)
    {
        LastVisitor = host;
        var heard = "";
        for (var i = 0; i < rounds; i++)
        {
            heard += await host.GreetAsync($"guest {i}", ct);
        }

        await host.DisposeAsync();
        return heard;
    }

    public ValueTask<ITraveller?> CompanionAsync(bool wanted, CancellationToken ct) =>
        new(wanted ? new FakeTraveller("companion") : null);

    public ValueTask<long> QuickAsync(long value, CancellationToken ct) => new(value + 1);

    public async ValueTask WaitAsync(CancellationToken ct)
    {
        Waiting.SetResult();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => cancelled.SetResult());
        await cancelled.Task;
        WaitCancelled.SetResult();
        ct.ThrowIfCancellationRequested();
    }

    public ValueTask<ITraveller> BackAsync(ITraveller who, CancellationToken ct) => new(who);

    public ValueTask DisposeAsync()
    {
        Disposed.TrySetResult();
        return default;
    }
}
