using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;

namespace Dash.Node.Services;

/// <summary>
/// The place of the wallet process among the node's RPC methods. One that went leaves its methods there, whose callers are told so,
/// until another has them: nobody hears meanwhile that there are no such methods. Any thread.
/// </summary>
/// <param name="table">The methods.</param>
/// <param name="gone">What callers are told between two processes.</param>
internal sealed class WalletPlace(RpcTable table, string gone) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private IDisposable? _attachment;
    private RpcProxy? _proxy;

    /// <summary>From now on this process has the calls.</summary>
    /// <param name="commands">Its methods.</param>
    /// <param name="rpc">Answers them; owned from here on.</param>
    /// <returns>What to say <see cref="RpcProxy.Leave"/> to when it is gone.</returns>
    public async Task<RpcProxy> TakeAsync(IReadOnlyList<Command> commands, IRpc rpc)
    {
        RpcProxy proxy = new(commands, rpc, gone);
        RpcProxy? before;
        lock (_gate)
        {
            _attachment = table.Attach(proxy, instead: _attachment);
            (before, _proxy) = (_proxy, proxy);
        }

        if (before is not null)
        {
            await before.DisposeAsync();
        }

        return proxy;
    }

    /// <summary>There is no wallet process any more, and none comes.</summary>
    public async ValueTask DisposeAsync()
    {
        RpcProxy? last;
        lock (_gate)
        {
            _attachment?.Dispose();
            (last, _proxy, _attachment) = (_proxy, null, null);
        }

        if (last is not null)
        {
            await last.DisposeAsync();
        }
    }
}
