namespace Dash.Ipc.Tests.Interop;

/// <summary>Answers what it is told, if it isn't told to fail.</summary>
internal sealed class InteropListener : IListener, ILaneListener
{
    internal Exception? Failure { get; init; }

    public ValueTask<uint> HearAsync(uint n, CancellationToken ct) => Failure is null ? new(n) : throw Failure;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
