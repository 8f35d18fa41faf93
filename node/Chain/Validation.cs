using Dash.Common.Concurrency;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// The loop that owns the chain state: everything that changes blocks, coins or mempool, and the few reads that need
/// them all at once, is posted here and done one after the other. A failing disk ends the loop, and with it the node.
/// </summary>
internal sealed class Validation
{
    // Requests that wait; whoever posts more waits for room.
    private const int Capacity = 256;

    private readonly Chainstate _chainstate;
    private readonly ILogger _log;
    private readonly SerialQueue _queue = new(Capacity);
    private readonly TaskCompletionSource<Exception> _failure =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A loop over an opened chain state.</summary>
    public Validation(Chainstate chainstate, ILoggerFactory logs)
    {
        _chainstate = chainstate;
        _log = logs.CreateLogger(LogCategory.None);
    }

    /// <summary>Serves requests until cancelled, then writes what is not written yet.</summary>
    /// <exception cref="AbortException">The disk failed; the state on it is that of some block.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var work = _queue.RunAsync("validation", stop.Token);
        var first = await Task.WhenAny(work, _failure.Task).ConfigureAwait(false);
        if (first == _failure.Task)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: go on to the last flush.
        }

        if (_failure.Task.IsCompleted)
        {
            var failure = await _failure.Task.ConfigureAwait(false);
            throw failure.Message == DiskSpace.TooLow
                ? new AbortException(DiskSpace.TooLow, failure)
                : new AbortException(AbortException.SeeLog, failure);
        }

        _chainstate.Flush();
    }

    /// <summary>Does something with the chain state in its turn.</summary>
    /// <param name="work">Gets a token that is cancelled when the node ends: long work stops early then.</param>
    /// <param name="ct">Gives up waiting for the turn.</param>
    public Task<TResult> PostAsync<TResult>(
        Func<Chainstate, CancellationToken, TResult> work, CancellationToken ct) =>
        _queue.PostAsync(
            stop =>
            {
                try
                {
                    var result = work(_chainstate, stop);
                    _chainstate.FlushIfNeeded();
                    return ValueTask.FromResult(result);
                }
                catch (Exception e) when (e is StorageException or IOException)
                {
                    Log.Broken(_log, e.Message, e);
                    _failure.TrySetResult(e);
                    throw;
                }
            },
            ct);

    /// <summary>Does something with the chain state in its turn.</summary>
    public Task PostAsync(Action<Chainstate, CancellationToken> work, CancellationToken ct) =>
        PostAsync(
            (chainstate, stop) =>
            {
                work(chainstate, stop);
                return true;
            },
            ct);

    /// <summary>Checks and stores a block and moves the tip if that makes a better chain.</summary>
    /// <param name="block">The block.</param>
    /// <param name="data">The serialized block.</param>
    /// <param name="isRequested">False for a block that came unasked.</param>
    /// <param name="ct">Gives up waiting for the turn.</param>
    public Task<BlockVerdict> SubmitBlockAsync(
        Block block, ReadOnlyMemory<byte> data, bool isRequested, CancellationToken ct) =>
        PostAsync(
            (chainstate, stop) => chainstate.SubmitBlock(block, data, isRequested, isDurable: true, stop), ct);

    /// <summary>Adds a header to the tree.</summary>
    public Task<ValidationState> SubmitHeaderAsync(BlockHeader header, CancellationToken ct) =>
        PostAsync((chainstate, _) => chainstate.SubmitHeader(header), ct);

    /// <summary>Marks a block invalid and moves to the best chain without it.</summary>
    public Task InvalidateAsync(BlockNode node, CancellationToken ct) =>
        PostAsync((chainstate, stop) => chainstate.Invalidate(node, stop), ct);

    /// <summary>Takes an invalidation back.</summary>
    public Task ReconsiderAsync(BlockNode node, CancellationToken ct) =>
        PostAsync((chainstate, stop) => chainstate.Reconsider(node, stop), ct);

    /// <summary>Prefers a block to others of equal work.</summary>
    public Task PreferAsync(BlockNode node, CancellationToken ct) =>
        PostAsync((chainstate, stop) => chainstate.Prefer(node, stop), ct);

    /// <summary>Writes everything to disk.</summary>
    public Task FlushAsync(CancellationToken ct) => PostAsync((chainstate, _) => chainstate.Flush(), ct);
}
