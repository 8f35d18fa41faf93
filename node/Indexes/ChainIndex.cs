using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Indexes;

/// <summary>
/// Something derived from the blocks of the active chain and kept in a database of its own. Runs beside the node: reads
/// blocks from disk from where it was to the tip, then follows; goes back with the chain. What it last read is stored now
/// and then, so that after a crash it reads some blocks again. Its one loop writes; looking up is for any thread.
/// </summary>
internal abstract class ChainIndex : IDisposable
{
    private const byte BestBlockKey = (byte)'B';

    private static readonly TimeSpan CommitInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(30);

    private readonly ILogger _log;
    private BlockNode? _best;
    private bool _isSynced;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An index over a database that belongs to it.</summary>
    protected ChainIndex(string name, KeyValueStore store, Chainstate chainstate, ILogger log)
    {
        Name = name;
        Store = store;
        Chainstate = chainstate;
        _log = log;
    }

    /// <summary>Its name in <c>getindexinfo</c> and in the log.</summary>
    public string Name { get; }

    /// <summary>The last block it has read; null for none. Any thread.</summary>
    public BlockNode? Best => Volatile.Read(ref _best);

    /// <summary>Whether it has been at the tip once. Any thread.</summary>
    public bool IsSynced => Volatile.Read(ref _isSynced);

    /// <summary>The database.</summary>
    protected KeyValueStore Store { get; }

    /// <summary>The chain.</summary>
    protected Chainstate Chainstate { get; }

    /// <summary>Whether it needs only blocks it has not read, so that those before may be deleted.</summary>
    protected abstract bool IsPrunable { get; }

    /// <summary>Whether <see cref="WriteBlock"/> needs what blocks spend.</summary>
    protected abstract bool NeedsUndo { get; }

    /// <summary>Finds where it was. Before the loop runs.</summary>
    /// <exception cref="StorageException">Blocks it needs are deleted, or its database is broken.</exception>
    public virtual void Open()
    {
        var best = ReadBest();
        var view = Chainstate.View;
        Volatile.Write(ref _isSynced, best == view.Tip);
        if (!IsSynced && IsBehindPruned(best, view))
        {
            throw new StorageException(
                $"{Name} best block of the index goes beyond pruned data. Please disable the index or reindex "
                + "(which will download the whole blockchain again)");
        }

        SetBest(best);
    }

    /// <summary>Follows the chain until cancelled, then stores where it is.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var news = Chainstate.Events.Subscribe();
        try
        {
            var progress = new SyncProgress(this, _log);
            ChainEvent.BlockConnected? fresh = null;
            while (!ct.IsCancellationRequested)
            {
                Advance(fresh, progress, ct);
                if (!progress.IsTold)
                {
                    progress.TellEnabled();
                    Volatile.Write(ref _isSynced, true);
                    Commit();
                }

                if (await news.ReadAsync(ct).ConfigureAwait(false) is not { } item)
                {
                    break;
                }

                fresh = item.Event as ChainEvent.BlockConnected; // none where it lagged
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end of following.
        }

        Commit();
    }

    /// <summary>
    /// Waits until what the chain is now has been read; false at once when the index is still far behind. Any thread.
    /// </summary>
    public async Task<bool> CaughtUpAsync(CancellationToken ct)
    {
        if (!IsSynced)
        {
            return false;
        }

        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            var tip = Chainstate.View.Tip;
            if (Best?.Ancestor(tip.Height) == tip)
            {
                return true;
            }

            await moved.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the database.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Store.Dispose();
        }
    }

    /// <summary>Takes a block in, whose parent was the last one.</summary>
    /// <param name="node">Its place in the tree.</param>
    /// <param name="block">The block.</param>
    /// <param name="undo">What it spends, if that is needed; nothing for the genesis block.</param>
    protected abstract void WriteBlock(BlockNode node, Block block, BlockUndo undo);

    /// <summary>The chain goes on from <paramref name="to"/>, an ancestor of the last block read.</summary>
    /// <returns>False when there is no way back: the whole chain is to be read again.</returns>
    protected virtual bool Rewind(BlockNode from, BlockNode to) => true;

    /// <summary>Adds to what is stored together with the last block read.</summary>
    protected virtual void AddToCommit(KeyValueBatch batch)
    {
    }

    /// <summary>Starts again from nothing.</summary>
    protected void Restart()
    {
        Volatile.Write(ref _isSynced, false);
        SetBest(null);
    }

    private BlockNode? ReadBest()
    {
        if (Store.Get([BestBlockKey]) is not { } stored)
        {
            return null;
        }

        var reader = new SpanReader(stored);
        var locator = BlockLocator.Read(ref reader);
        return locator.Hashes.Select(Chainstate.Index.Find).FirstOrDefault(static node => node is not null);
    }

    // Whether a block between where it is and the tip is not on disk any more.
    private static bool IsBehindPruned(BlockNode? best, ChainView view)
    {
        var from = best is null ? view.At(0)! : view.FindFork(best); // a chain has a genesis block
        return from != view.Tip && BlockArchive.FirstStored(view.Tip).Height > from.Height + (best is null ? 0 : 1);
    }

    // A block that was just told of needs no reading from disk, and those after it have news of their own.
    private void Advance(ChainEvent.BlockConnected? fresh, SyncProgress progress, CancellationToken ct)
    {
        if (fresh is not null && Best is { } last)
        {
            if (last.Ancestor(fresh.Node.Height) == fresh.Node)
            {
                return;
            }

            if (last == fresh.Node.Previous)
            {
                Take(fresh.Node, fresh.Block, progress);
                return;
            }
        }

        // While the index of blocks is built anew, the genesis block is known before it is found in the files.
        while (!ct.IsCancellationRequested && Next() is { HasData: true } next)
        {
            if (next.Previous is { } parent && Best is { } best && best != parent)
            {
                if (!Rewind(best, parent))
                {
                    Restart();
                    continue;
                }

                SetBest(parent);
                Commit();
            }

            Take(next, Chainstate.Archive.ReadBlock(next), progress);
        }
    }

    private void Take(BlockNode node, Block block, SyncProgress progress)
    {
        var undo = NeedsUndo && node.Height > 0 ? Chainstate.Archive.ReadUndo(node) : new BlockUndo([]);
        WriteBlock(node, block, undo);
        SetBest(node);
        progress.Report(node);
    }

    private BlockNode? Next()
    {
        var view = Chainstate.View;
        return Best is not { } best ? view.At(0)
            : view.Contains(best) ? view.Next(best)
            : view.Next(view.FindFork(best));
    }

    private void SetBest(BlockNode? node)
    {
        if (IsPrunable && node is not null)
        {
            Chainstate.Pruning.Hold(Name, node.Height);
        }

        Volatile.Write(ref _best, node);
        Interlocked.Exchange(
            ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private void Commit()
    {
        if (Best is not { } best)
        {
            return;
        }

        var batch = new KeyValueBatch();
        AddToCommit(batch);
        var locator = new ByteWriter();
        ChainView.LocatorOf(best).Write(locator);
        batch.Put([BestBlockKey], locator.WrittenSpan);
        Store.Write(batch, sync: false);
    }

    // Stores and tells now and then while there is much to read.
    private sealed class SyncProgress(ChainIndex index, ILogger log)
    {
        private readonly TimeProvider _time = TimeProvider.System;
        private long _lastCommit = TimeProvider.System.GetTimestamp();
        private long _lastLog;

        public bool IsTold { get; private set; }

        public void Report(BlockNode node)
        {
            if (!IsTold && (_lastLog == 0 || _time.GetElapsedTime(_lastLog) > LogInterval))
            {
                _lastLog = _time.GetTimestamp();
                Log.Syncing(log, index.Name, node.Height);
            }

            if (_time.GetElapsedTime(_lastCommit) > CommitInterval)
            {
                _lastCommit = _time.GetTimestamp();
                index.Commit();
            }
        }

        public void TellEnabled()
        {
            IsTold = true;
            if (index.Best is { } best)
            {
                Log.Enabled(log, index.Name, best.Height);
            }
        }
    }
}
