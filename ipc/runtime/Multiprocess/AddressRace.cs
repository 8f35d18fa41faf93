using System.Net.Sockets;
using System.Threading.Channels;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Transports;
using Polly;
using Polly.Retry;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Finds a peer among several addresses: they are tried in order of preference, each soon after the one before was refused or had
/// its head start, and each again and again, so that one that hangs holds nobody up. The first good one wins, the others are closed.
/// One race at a time.
/// </summary>
/// <typeparam name="T">What a connection is to whoever asks for it.</typeparam>
public sealed class AddressRace<T>
    where T : class, IAsyncDisposable
{
    // A process that was killed is back within seconds; nobody notices 1 s, and a try costs a system call.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    // A process that is there answers within milliseconds, a busy one within a moment.
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IpcAddress> _addresses;
    private readonly Func<IpcAddress, CancellationToken, Task<T>> _connect;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _pipeline;

    /// <summary>A race that has not begun.</summary>
    /// <param name="addresses">Where the peers listen, the preferred one first.</param>
    /// <param name="connect">One attempt; throws what is wrong with the peer, and leaves nothing open then.</param>
    /// <param name="time">For delays: real time.</param>
    public AddressRace(IReadOnlyList<IpcAddress> addresses, Func<IpcAddress, CancellationToken, Task<T>> connect, TimeProvider time)
    {
        _addresses = addresses;
        _connect = connect;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } refused && IsRefusal(refused)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception is { } refused ? DelayAfter(refused) : null),
            })
            .Build();
    }

    /// <summary>How long to wait after a peer that is there but is not the right one; null for any other exception.</summary>
    public Func<Exception, TimeSpan?> DelayAfter { get; init; } = static _ => null;

    /// <summary>Told of every attempt that failed; not of two at a time.</summary>
    public Action<IpcAddress, Exception> Refused { get; init; } = static (_, _) => { };

    /// <summary>Runs until a peer was found.</summary>
    /// <param name="ct">Ends it; nothing stays connected then.</param>
    public async Task<T> RunAsync(CancellationToken ct)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var outcomes = Channel.CreateUnbounded<Outcome>();
        List<Task> runners = [];
        try
        {
            return await FirstAsync(outcomes, runners, race.Token).ConfigureAwait(false);
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(runners).ConfigureAwait(false);
            while (outcomes.Reader.TryRead(out var late))
            {
                if (late.Found is { } loser)
                {
                    await loser.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<T> FirstAsync(Channel<Outcome> outcomes, List<Task> runners, CancellationToken ct)
    {
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
                if (outcome.Found is { } winner)
                {
                    return winner;
                }

                Refused(outcome.Address, outcome.Refusal!); // there is one of both
                headStart = outcome.Address == _addresses[runners.Count - 1] ? Task.CompletedTask : headStart;
            }

            if (news.IsCompleted)
            {
                await news.ConfigureAwait(false); // throws what no try may throw
                news = outcomes.Reader.WaitToReadAsync(ct).AsTask();
            }
        }
    }

    // Until it is connected or cancelled; each refusal is told.
    private async Task TryOnAsync(IpcAddress address, ChannelWriter<Outcome> outcomes, CancellationToken ct)
    {
        try
        {
            var found = await _pipeline.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await _connect(address, token).ConfigureAwait(false);
                    }
                    catch (Exception refused) when (IsRefusal(refused) && !ct.IsCancellationRequested)
                    {
                        outcomes.TryWrite(new Outcome(address, null, refused));
                        throw;
                    }
                },
                ct).ConfigureAwait(false);
            if (!outcomes.TryWrite(new Outcome(address, found, null)))
            {
                await found.DisposeAsync().ConfigureAwait(false);
            }
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

    private bool IsRefusal(Exception failure) =>
        failure is IOException or SocketException or UnauthorizedAccessException or IpcException || DelayAfter(failure) is not null;

    /// <summary>What came of one try: a connection, or why there is none.</summary>
    private readonly record struct Outcome(IpcAddress Address, T? Found, Exception? Refusal);
}
