using System.Net.Sockets;
using System.Threading.Channels;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Finds a node among several addresses: they are tried in order of preference, each soon after the one before was refused or had
/// its head start, and each again and again, so that one that hangs holds nobody up. The first good one wins, the others are closed.
/// One race at a time.
/// </summary>
internal sealed class NodeRace
{
    // A node that was killed is back within seconds; nobody notices 1 s, and a try costs a system call.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WrongChainDelay = TimeSpan.FromSeconds(10);

    // A node that is there answers within milliseconds, a busy one within a moment.
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IpcAddress> _addresses;
    private readonly ChainParams _chain;
    private readonly AttachedNode _node;
    private readonly DialNode _dial;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<NodeSession> _pipeline;
    private readonly Complaints _complaints;

    /// <summary>A race that has not begun.</summary>
    /// <param name="addresses">Where the nodes listen, the preferred one first.</param>
    /// <param name="chain">The network the nodes must be on.</param>
    /// <param name="node">Is told what is waited for.</param>
    /// <param name="dial">Connects.</param>
    /// <param name="time">For delays: real time.</param>
    /// <param name="log">General lines.</param>
    public NodeRace(
        IReadOnlyList<IpcAddress> addresses, ChainParams chain, AttachedNode node, DialNode dial, TimeProvider time, ILogger log)
    {
        _addresses = addresses;
        _chain = chain;
        _node = node;
        _dial = dial;
        _time = time;
        _log = log;
        _complaints = new Complaints(time);
        _pipeline = new ResiliencePipelineBuilder<NodeSession> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<NodeSession>
            {
                ShouldHandle = static args => ValueTask.FromResult(IsRetried(args.Outcome.Exception)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                DelayGenerator = static args => ValueTask.FromResult<TimeSpan?>(
                    args.Outcome.Exception is WrongChainException ? WrongChainDelay : null),
            })
            .Build();
    }

    /// <summary>Runs until a node was found.</summary>
    /// <param name="ct">Ends it; nothing stays connected then.</param>
    public async Task<NodeSession> RunAsync(CancellationToken ct)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var outcomes = Channel.CreateUnbounded<Outcome>();
        List<Task> runners = [];
        try
        {
            var winner = await FirstAsync(outcomes, runners, race.Token).ConfigureAwait(false);
            _complaints.Clear();
            return winner;
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(runners).ConfigureAwait(false);
            while (outcomes.Reader.TryRead(out var late))
            {
                if (late.Session is { } loser)
                {
                    await loser.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<NodeSession> FirstAsync(Channel<Outcome> outcomes, List<Task> runners, CancellationToken ct)
    {
        Dictionary<IpcAddress, Exception> refusals = [];
        var headStart = Task.CompletedTask;
        var news = outcomes.Reader.WaitToReadAsync(ct).AsTask();
        while (true)
        {
            if (runners.Count < _addresses.Count && headStart.IsCompleted)
            {
                runners.Add(TryOnAsync(_addresses[runners.Count], outcomes.Writer, ct));
                headStart = Task.Delay(HeadStart, _time, ct);
            }

            await Task.WhenAny(runners.Count < _addresses.Count ? headStart : news, news).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            while (outcomes.Reader.TryRead(out var outcome))
            {
                if (outcome.Session is { } winner)
                {
                    return winner;
                }

                refusals[outcome.Address] = outcome.Refusal!; // there is one of both
                Complain(outcome.Address, refusals);
                headStart = outcome.Address == _addresses[runners.Count - 1] ? Task.CompletedTask : headStart;
            }

            if (news.IsCompleted)
            {
                await news.ConfigureAwait(false); // throws what no try may throw
                news = outcomes.Reader.WaitToReadAsync(ct).AsTask();
            }
        }
    }

    // Until it has a session or is cancelled; each refusal is told.
    private async Task TryOnAsync(IpcAddress address, ChannelWriter<Outcome> outcomes, CancellationToken ct)
    {
        try
        {
            var session = await _pipeline.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await TryAsync(address, token).ConfigureAwait(false);
                    }
                    catch (Exception refused) when (IsRetried(refused) && !ct.IsCancellationRequested)
                    {
                        outcomes.TryWrite(new Outcome(address, null, refused));
                        throw;
                    }
                },
                ct).ConfigureAwait(false);
            outcomes.TryWrite(new Outcome(address, session, null));
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // Another address has won, or the end.
        }
        catch (Exception bug)
        {
            outcomes.TryComplete(bug);
        }
    }

    private async Task<NodeSession> TryAsync(IpcAddress address, CancellationToken ct)
    {
        var session = await _dial(address, ct).ConfigureAwait(false);
        try
        {
            await session.IdentifyAsync(_chain, ct).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A wrong node is what the wallets wait for, if there is one, since it will not mend itself; else the preferred one.
    private void Complain(IpcAddress address, Dictionary<IpcAddress, Exception> refusals)
    {
        var named = _addresses.Where(refusals.ContainsKey)
            .OrderByDescending(each => refusals[each] is WrongChainException)
            .First(); // stable; the address itself at least
        _node.Wait(TextOf(named, refusals[named]), refusals[named] is WrongChainException);
        var text = TextOf(address, refusals[address]);
        if (_complaints.IsDue(address.ToString(), refusals[address] is WrongChainException ? text : ""))
        {
            Log.NoNode(_log, text);
        }
    }

    private static string TextOf(IpcAddress address, Exception refused) =>
        refused is WrongChainException ? refused.Message : $"No node at {address} ({ReasonOf(refused)}): waiting";

    // What the runtime calls a name without a file.
    private static string ReasonOf(Exception refused) =>
        refused is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } ? "no such socket" : refused.Message;

    private static bool IsRetried(Exception? failure) =>
        failure is IOException or SocketException or UnauthorizedAccessException or IpcException or WrongChainException;

    /// <summary>What came of one try: a session, or why there is none.</summary>
    private readonly record struct Outcome(IpcAddress Address, NodeSession? Session, Exception? Refusal);
}
