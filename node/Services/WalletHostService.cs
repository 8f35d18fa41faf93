using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>What the node has for the wallet process it started: a place in its RPC table.</summary>
internal sealed class WalletHostService(RpcTable table, ILogger log) : IWalletHost
{
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the wallet process is ready (empty), or with the reason why it cannot start.</summary>
    public Task<string> Ready => _ready.Task;

    /// <inheritdoc/>
    public ValueTask<IHandler> RegisterAsync(IReadOnlyList<Command> commands, IRpc rpc, CancellationToken ct)
    {
        RpcProxy proxy = new(commands, rpc, "The wallet process has ended; restart the node");
        var attachment = table.Attach(proxy);
        Log.WalletRegistered(log, commands.Count);
        return ValueTask.FromResult<IHandler>(new Registration(attachment, proxy));
    }

    /// <inheritdoc/>
    public ValueTask ReadyAsync(string error, CancellationToken ct)
    {
        _ready.TrySetResult(error);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Registration(IDisposable attachment, RpcProxy proxy) : IHandler
    {
        public ValueTask DisconnectAsync(CancellationToken ct) => DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            attachment.Dispose();
            await proxy.DisposeAsync();
        }
    }
}
