using Dash.Ipc.Interfaces;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>What the node has for the wallet process it started: a place in its RPC table.</summary>
internal sealed class WalletHostService(WalletPlace place, ILogger log) : IWalletHost
{
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the wallet process is ready (empty), or with the reason why it cannot start.</summary>
    public Task<string> Ready => _ready.Task;

    /// <inheritdoc/>
    public async ValueTask<IHandler> RegisterAsync(IReadOnlyList<Command> commands, IRpc rpc, CancellationToken ct)
    {
        var proxy = await place.TakeAsync(commands, rpc);
        Log.WalletRegistered(log, commands.Count);
        return new Registration(proxy);
    }

    /// <inheritdoc/>
    public ValueTask ReadyAsync(string error, CancellationToken ct)
    {
        _ready.TrySetResult(error);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Disposed with the connection: its methods stay, with their error, until the next process has them.
    private sealed class Registration(RpcProxy proxy) : IHandler
    {
        public ValueTask DisconnectAsync(CancellationToken ct) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            proxy.Leave();
            return ValueTask.CompletedTask;
        }
    }
}
