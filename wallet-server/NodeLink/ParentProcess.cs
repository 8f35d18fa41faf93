using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The node that started this process over a socket pair: it passes calls on to us and gives us its chain, and this process
/// ends with it.
/// </summary>
internal sealed class ParentProcess : IAsyncDisposable
{
    // After a failure of ours; the node is still there.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IWalletHost _host;
    private readonly NodeSession _session;
    private readonly TaskCompletionSource _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHandler? _registration;

    private ParentProcess(IWalletHost host, NodeSession session)
    {
        _host = host;
        _session = session;
    }

    /// <summary>Completes when the node's chain is at hand (<see cref="RunAsync"/>): from then on payments find it.</summary>
    public Task Attached => _attached.Task;

    /// <summary>Meets the node.</summary>
    /// <param name="transport">Our end of the pair; owned from here on.</param>
    /// <param name="options">What the connection may cost and where it logs.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IpcException">Who started us is no node, or is gone.</exception>
    public static async Task<ParentProcess> ConnectAsync(Transport transport, IpcOptions options, CancellationToken ct)
    {
        var connected = await IpcConnector.OverAsync<INodeInit>(
            transport, null, static (target, connection) => new NodeInitClient(target, connection), options, ct).ConfigureAwait(false);
        try
        {
            var host = await connected.Init.MakeWalletHostAsync(ct).ConfigureAwait(false);
            var feed = await connected.Init.MakeChainFeedAsync(ct).ConfigureAwait(false);
            return new ParentProcess(host, new NodeSession("its parent process", feed, connected, connected.Disconnected));
        }
        catch
        {
            await connected.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>From now on the node passes calls of these methods on to the dispatcher.</summary>
    public async Task RegisterAsync(IEnumerable<RpcMethod> methods, RpcDispatcher dispatcher, CancellationToken ct)
    {
        Command[] commands = [.. WalletRpc.CommandsOf(methods)];
        _registration = await _host.RegisterAsync(commands, new WalletRpc(dispatcher, new LongAnswers(TimeProvider.System)), ct).ConfigureAwait(false);
    }

    /// <summary>The node.</summary>
    public NodeSession Session => _session;

    /// <summary>The least fee rate the node relays.</summary>
    public Task<FeeRate> MinRelayAsync(CancellationToken ct) => _session.MinRelayAsync(ct);

    /// <summary>Tells the node that wallets are loaded, or why this process cannot serve.</summary>
    public ValueTask ReadyAsync(string error, CancellationToken ct) => _host.ReadyAsync(error, ct);

    /// <summary>Tells the node why this process cannot serve: what it heard is enough for it to close the connection unanswered.</summary>
    public async Task RefuseAsync(string error, CancellationToken ct)
    {
        try
        {
            await ReadyAsync(error, ct).ConfigureAwait(false);
        }
        catch (IpcException closed) when (closed.Kind == IpcErrorKind.Disconnected)
        {
            // It says the reason, and ours would be a second one.
        }
    }

    /// <summary>Follows the node's chain until it is gone.</summary>
    /// <param name="node">Where the session is published.</param>
    /// <param name="chain">The network it must be on.</param>
    /// <param name="follow">Follows the chain; its token is cancelled when the node is gone.</param>
    /// <param name="ended">Called when the node is gone.</param>
    /// <param name="time">Real time.</param>
    /// <param name="log">General lines.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RunAsync(
        AttachedNode node,
        ChainParams chain,
        Func<NodeSession, CancellationToken, Task> follow,
        Action ended,
        TimeProvider time,
        ILogger log,
        CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _session.Disconnected);
        try
        {
            await _session.IdentifyAsync(chain, either.Token).ConfigureAwait(false);
            node.Attach(_session);
            _attached.TrySetResult();
            while (true)
            {
                try
                {
                    await follow(_session, either.Token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OperationCanceledException && !_session.Disconnected.IsCancellationRequested)
                {
                    Log.FollowingFailed(log, failure);
                }

                await Task.Delay(Pause, time, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (_session.Disconnected.IsCancellationRequested)
        {
            // It went, whatever that broke here.
        }
        finally
        {
            node.Detach("its parent process is gone");
            if (!ct.IsCancellationRequested)
            {
                Log.ParentGone(log);
                ended();
            }
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync().ConfigureAwait(false);
        if (_registration is not null)
        {
            await _registration.DisposeAsync().ConfigureAwait(false);
        }

        await _host.DisposeAsync().ConfigureAwait(false);
    }
}
