using System.Net.Sockets;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Rpc.Dispatch;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>
/// Keeps wallet calls going to a dash-wallet that listens: tries the addresses in order of preference, each soon after the one before
/// was refused or had its head start, and each again and again, so that one that hangs holds nobody up. When the one it has goes, the
/// next one that is there has the calls. Between two, callers are told that the wallet process is away.
/// </summary>
/// <param name="addresses">Where wallet processes listen, the preferred one first.</param>
/// <param name="table">Where their methods are served.</param>
/// <param name="options">What a connection may cost, where it logs, who we are.</param>
/// <param name="log">General lines.</param>
internal sealed class WalletConnector(IReadOnlyList<IpcAddress> addresses, RpcTable table, IpcOptions options, ILogger log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    // A wallet process that is there answers within milliseconds, a busy one within a moment.
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(1);

    private readonly List<HandshakePatience> _patience = [.. addresses.Select(_ => new HandshakePatience(options))];

    // Of the wallet process that is there, or was last: its methods stay, with their error, until there are others.
    private IDisposable? _attachment;
    private RpcProxy? _proxy;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await ServeAsync(await FindAsync(ct), ct);
            }
        }
        finally
        {
            await DetachAsync();
        }
    }

    // The first that answers; the others are closed.
    private async Task<Found> FindAsync(CancellationToken ct)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(ct);
        TaskCompletionSource<Found> won = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<Task> runners = [];
        try
        {
            foreach (var index in Enumerable.Range(0, addresses.Count).TakeWhile(_ => !won.Task.IsCompleted && !ct.IsCancellationRequested))
            {
                TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
                runners.Add(TryOnAsync(index, won, refused, race.Token));
                await Task.WhenAny(won.Task, refused.Task, Task.Delay(HeadStart, options.Time, race.Token));
            }

            await ((Task)won.Task.WaitAsync(ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await race.CancelAsync();
            await Task.WhenAll(runners);
        }

        if (ct.IsCancellationRequested && won.Task.IsCompletedSuccessfully)
        {
            await (await won.Task).Session.DisposeAsync();
        }

        ct.ThrowIfCancellationRequested();
        return await won.Task;
    }

    // Until somebody has won or the end comes.
    private async Task TryOnAsync(int index, TaskCompletionSource<Found> won, TaskCompletionSource refused, CancellationToken ct)
    {
        for (var delay = FirstDelay; !ct.IsCancellationRequested; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                var found = await OpenAsync(addresses[index], _patience[index], ct);
                if (!won.TrySetResult(found))
                {
                    await found.Session.DisposeAsync();
                }

                return;
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return; // another address has won, or the end
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or IpcException)
            {
                if (refused.TrySetResult())
                {
                    Log.NoWallet(log, addresses[index], e.Message); // once is enough, until it is news again
                }
            }
            catch (Exception bug)
            {
                won.TrySetException(bug);
                return;
            }

            await Task.Delay(delay, options.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<Found> OpenAsync(IpcAddress address, HandshakePatience patience, CancellationToken ct)
    {
        var session = await patience.TryAsync(patience => IpcConnector.ConnectAsync<IWalletInit>(
            address, static (target, connection) => new WalletInitClient(target, connection), patience, ct));
        try
        {
            return new(address, session, await session.Init.CommandsAsync(ct), await session.Init.MakeRpcAsync(ct));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    // Returns when the process is gone.
    private async Task ServeAsync(Found found, CancellationToken ct)
    {
        await using var session = found.Session;
        RpcProxy proxy = new(found.Commands, found.Rpc, "The wallet process is gone; waiting for one");
        await DetachAsync();
        _proxy = proxy;
        _attachment = table.Attach(proxy);
        Log.WalletAttached(log, found.Address, found.Commands.Count);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (session.Disconnected.Register(() => ended.TrySetResult()))
        {
            await ended.Task.WaitAsync(ct);
        }

        Log.WalletGone(log, found.Address);
    }

    private async Task DetachAsync()
    {
        _attachment?.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    /// <summary>A wallet process that answered.</summary>
    private sealed record Found(IpcAddress Address, IpcSession<IWalletInit> Session, IReadOnlyList<Command> Commands, IRpc Rpc);
}
