using Dash.Ipc.Interfaces.Tests.Schemas;

namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>Answers with its name.</summary>
internal sealed class FakeTraveller(string name) : ITraveller
{
    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<string> GreetAsync(string visitor, CancellationToken ct) => new($"[{name} greets {visitor}]");

    public ValueTask DisposeAsync()
    {
        Disposed.TrySetResult();
        return default;
    }
}
