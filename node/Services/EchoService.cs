using Dash.Ipc.Interfaces;

namespace Dash.Node.Services;

/// <summary>Says what it is told: the smallest object with which another process tries the connection.</summary>
internal sealed class EchoService : IEcho
{
    /// <inheritdoc/>
    public ValueTask<string> EchoAsync(string echo, CancellationToken ct) => ValueTask.FromResult(echo);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
