using System.Collections.Concurrent;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>Connects to the node at an address; the caller disposes the session.</summary>
internal delegate Task<NodeSession> DialNode(IpcAddress address, CancellationToken ct);

/// <summary>
/// Keeps the wallets attached to a node: tries the addresses for ever, soon after a node went and at once when a socket appears;
/// lets one follow each session to its end, or until another node has what wallets wait for. A node of another network is named and
/// waited out.
/// </summary>
internal sealed class NodeConnector
{
    // Each look wakes threads of the pool: forty a second took more than a hundredth of a core.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(50);

    // A session that ends sooner than this was none: wait before the next.
    private static readonly TimeSpan ShortSession = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IpcAddress> _addresses;
    private readonly AttachedNode _node;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly NodeFinder _finder;
    private readonly INodeChoice _choice;
    private readonly BetterNode? _better; // null where there is one address
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A connector that does nothing until it runs.</summary>
    /// <param name="addresses">Where the nodes listen, the preferred one first.</param>
    /// <param name="chain">The network the nodes must be on.</param>
    /// <param name="node">Where the session is published.</param>
    /// <param name="dial">Connects.</param>
    /// <param name="time">For delays: real time.</param>
    /// <param name="log">General lines.</param>
    /// <param name="choice">Of several nodes, which the wallets are better off with.</param>
    public NodeConnector(
        IReadOnlyList<IpcAddress> addresses, ChainParams chain, AttachedNode node, DialNode dial, TimeProvider time, ILogger log, INodeChoice choice)
    {
        _addresses = addresses;
        _node = node;
        _time = time;
        _log = log;
        _finder = new NodeFinder(addresses, chain, node, dial, time, log) { AllRefused = () => _heard.TrySetResult() };
        _choice = choice;
        _better = addresses.Count > 1 ? new BetterNode(addresses, chain, dial, choice, time) : null;
    }

    /// <summary>Completes when a node is attached for the first time, or there is none at any address.</summary>
    public Task Heard => _heard.Task;

    /// <summary>Connects to a dash-node.</summary>
    /// <param name="options">What the connection may cost and where it logs.</param>
    public static DialNode Dialer(IpcOptions options)
    {
        ConcurrentDictionary<IpcAddress, HandshakePatience> patience = []; // a slow link makes nobody wait longer for another
        return async (address, ct) =>
        {
            var connected = await patience.GetOrAdd(address, _ => new HandshakePatience(options)).TryAsync(patient => IpcConnector.ConnectAsync<INodeInit>(
                address, static (target, connection) => new NodeInitClient(target, connection), patient, ct)).ConfigureAwait(false);
            try
            {
                var feed = await connected.Init.MakeChainFeedAsync(ct).ConfigureAwait(false);
                return new NodeSession(address.ToString(), feed, connected, connected.Disconnected)
                {
                    RoundTrip = () => connected.Connection.RoundTrip,
                };
            }
            catch
            {
                await connected.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        };
    }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="follow">Follows a session's chain; its token is cancelled when the session ends.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RunAsync(Func<NodeSession, CancellationToken, Task> follow, CancellationToken ct)
    {
        _node.Wait($"waiting for {_addresses[0]}");
        NodeSession? next = null;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            await using var session = next ?? await ConnectAsync(ct).ConfigureAwait(false);
            var begun = _time.GetTimestamp();
            var seen = Look();
            session.HasOthers = _better is not null;
            Log.Attached(_log, session.NodeVersion, session.Address);
            _node.Attach(session);
            _heard.TrySetResult();
            string reason;
            try
            {
                (reason, next) = await FollowAsync(session, follow, ct).ConfigureAwait(false);
            }
            finally
            {
                _node.Detach($"waiting for {session.Address}");
            }

            Log.Detached(_log, session.Address, reason);
            if (next is not null && await IsStillBetterAsync(next, ct).ConfigureAwait(false))
            {
                continue;
            }

            next = null;
            var left = ShortSession - _time.GetElapsedTime(begun);
            if (left > TimeSpan.Zero)
            {
                await PauseAsync(left, seen, ct).ConfigureAwait(false);
            }
        }
    }

    // Until the session ends, or there is another one that the wallets are better off with; what it was, and that other one.
    private async Task<(string Reason, NodeSession? Better)> FollowAsync(
        NodeSession session, Func<NodeSession, CancellationToken, Task> follow, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, session.Disconnected);
        using var searching = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        var search = SearchAsync(session, ending, searching.Token);
        NodeSession? better = null;
        string? reason = null;
        try
        {
            reason = await EndOfAsync(() => follow(session, ending.Token), ct).ConfigureAwait(false);
        }
        finally
        {
            await searching.CancelAsync().ConfigureAwait(false);
            better = await search.ConfigureAwait(false);
            if (reason is null && better is not null)
            {
                await better.DisposeAsync().ConfigureAwait(false);
            }
        }

        return better is null ? (reason, null) : ($"{better.Address} has the blocks that it lacks", better);
    }

    // Ends the following when there is a better node.
    private async Task<NodeSession?> SearchAsync(NodeSession session, CancellationTokenSource following, CancellationToken ct)
    {
        if (_better is null)
        {
            return null;
        }

        try
        {
            var better = await _better.FindAsync(session.Address, ct).ConfigureAwait(false);
            await following.CancelAsync().ConfigureAwait(false);
            return better;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception bug)
        {
            // The one that is there is followed on.
            Log.FollowingFailed(_log, bug);
            return null;
        }
    }

    // What the wallets have may have changed while they still followed the other one.
    private async Task<bool> IsStillBetterAsync(NodeSession next, CancellationToken ct)
    {
        var isTaken = false;
        try
        {
            isTaken = await _choice.IsServedByAsync(next, ct).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IpcException or IOException)
        {
            // Then it is looked for as any other.
        }
        finally
        {
            if (!isTaken)
            {
                await next.DisposeAsync().ConfigureAwait(false);
            }
        }

        return isTaken;
    }

    private async Task<string> EndOfAsync(Func<Task> follow, CancellationToken ct)
    {
        try
        {
            await follow().ConfigureAwait(false);
            return "it ended the subscription";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "it is gone";
        }
        catch (IpcException gone) when (gone.Kind == IpcErrorKind.Disconnected)
        {
            return gone.Message;
        }
        catch (Exception failure) when (failure is IpcException or FeedException)
        {
            return failure.Message;
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // Wallets go on answering; a new session begins from what is stored.
            Log.FollowingFailed(_log, bug);
            return bug.Message;
        }
    }

    private async Task<NodeSession> ConnectAsync(CancellationToken ct)
    {
        while (true)
        {
            using var attempts = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var watching = WatchAsync(attempts, Look());
            try
            {
                return await _finder.FindAsync(attempts.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // A socket appeared: begin again with the first attempt.
            }
            finally
            {
                await attempts.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(false);
            }
        }
    }

    // Not when the socket is another one by now: then it is another node.
    private async Task PauseAsync(TimeSpan span, (bool Exists, long Newest) seen, CancellationToken ct)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = WatchAsync(pause, seen);
        try
        {
            await Task.Delay(span, _time, pause.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // A socket appeared.
        }
        finally
        {
            await pause.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    // Cancels the attempts when a socket appears or is replaced: whoever made it is about to listen.
    private async Task WatchAsync(CancellationTokenSource attempts, (bool Exists, long Newest) before)
    {
        try
        {
            while (true)
            {
                await Task.Delay(WatchInterval, _time, attempts.Token).ConfigureAwait(false);
                if (Look() is var now && now != before)
                {
                    before = now;
                    if (now.Exists)
                    {
                        await attempts.CancelAsync().ConfigureAwait(false);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Connected, or the end.
        }
    }

    private (bool Exists, long Newest) Look()
    {
        var newest = 0L;
        foreach (var unix in _addresses.OfType<UnixAddress>())
        {
            var file = new FileInfo(unix.SocketPath);
            newest = file.Exists ? Math.Max(newest, file.LastWriteTimeUtc.Ticks) : newest;
        }

        return (newest != 0, newest);
    }
}
