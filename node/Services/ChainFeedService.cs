using Dash.Common.Concurrency;
using Dash.Common.Hosting;
using Dash.Ipc.Interfaces;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Node.Mempool;
using Dash.Node.Mempool.Fees;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Services;

/// <summary>
/// Chain and mempool for one subscriber. Answers from immutable views; nothing here waits for a wallet. Without
/// <c>finality</c> nothing counts as locked.
/// </summary>
internal sealed class ChainFeedService(
    Chainstate chainstate, MempoolGate mempool, ChainSubscribers subscribers, IFinality? finality = null,
    BlockFilterIndex? filters = null) : IChainFeed
{
    // A reply must fit a message (64 MiB); blocks are 2 MB at most, so this leaves room for the last one.
    private const uint MaxReplyBytes = 32 << 20;
    private const int MaxTargets = 100;

    // More than this takes longer to read than a call may be kept waiting for.
    private const uint MostAtOnce = 1 << 16;

    private readonly PatientWork _patient = new("feed");
    private readonly MempoolParts _parts = new(mempool);

    private ChainParams Network => chainstate.Network;

    /// <inheritdoc/>
    public ValueTask<(string Network, BlockHash Genesis, int ProtocolVersion, string NodeVersion)> IdentityAsync(CancellationToken ct) =>
        ValueTask.FromResult((Network.Name, Network.Mark.Header.Hash, ProtocolVersion.Current, Product.VersionText));

    /// <inheritdoc/>
    public ValueTask<(ulong Sequence, BlockRef Tip)> PositionAsync(CancellationToken ct)
    {
        var position = chainstate.Events.Position;
        return ValueTask.FromResult((position.Sequence, FeedBlocks.RefOf(position.View.Tip)));
    }

    /// <inheritdoc/>
    public ValueTask<BlockRef?> FindForkAsync(BlockLocator locator, CancellationToken ct) =>
        ValueTask.FromResult(
            chainstate.View.FindFork(locator, chainstate.Index.Find) is { } fork ? FeedBlocks.RefOf(fork) : (BlockRef?)null);

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned)> GetBlocksAsync(
        BlockRef after, uint maxBytes, bool knowsPruned, CancellationToken ct)
    {
        var view = chainstate.View;
        if (chainstate.Index.Find(after.Hash) is not { } start || !view.Contains(start))
        {
            return ValueTask.FromResult<(IReadOnlyList<FeedBlock>, bool, bool)>(([], false, false));
        }

        return maxBytes <= MostAtOnce
            ? ValueTask.FromResult(ReadBlocks(view, start, maxBytes, knowsPruned, ct))
            : new(_patient.RunAsync(() => ReadBlocks(view, start, maxBytes, knowsPruned, ct), ct));
    }

    private (IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned) ReadBlocks(
        ChainView view, BlockNode start, uint maxBytes, bool knowsPruned, CancellationToken ct)
    {
        var left = (long)Math.Min(maxBytes, MaxReplyBytes);
        List<FeedBlock> blocks = [];
        for (var height = start.Height + 1; height <= view.Height && (left > 0 || blocks.Count == 0); height++)
        {
            ct.ThrowIfCancellationRequested();
            ThreadTurns.Rest();
            var node = view.At(height)!; // the view reaches to its own height
            if (chainstate.Archive.FindData(node) is not { } data)
            {
                // One that would take an empty answer for the tip is refused.
                return blocks.Count > 0 || knowsPruned
                    ? (blocks, true, blocks.Count == 0)
                    : throw new StorageException($"Block {node.Hash} is not stored");
            }

            blocks.Add(FeedBlocks.Of(node, data));
            left -= data.Length;
        }

        return (blocks, true, false);
    }

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence)> GetMempoolAsync(CancellationToken ct)
    {
        var (view, sequence) = await mempool.SnapshotAsync(ct);
        return ([.. view.ParentsFirst.Select(entry => (ReadOnlyMemory<byte>)entry.Transaction.ToBytes())], sequence);
    }

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence, ulong Next)> GetMempoolPartAsync(
        ulong cursor, uint maxBytes, CancellationToken ct) => _parts.NextAsync(cursor, Math.Min(maxBytes, MaxReplyBytes), ct);

    /// <inheritdoc/>
    public ValueTask<FeeQuote> FeeQuoteAsync(IReadOnlyList<int> targets, CancellationToken ct)
    {
        FeeEstimate[] estimates = [.. targets.Take(MaxTargets).Select(EstimateFor)];
        return ValueTask.FromResult(new FeeQuote(
            mempool.Settings.MinRelay, mempool.Summary.MinFee, mempool.Settings.IncrementalRelay, mempool.Settings.DustRelay, estimates,
            mempool.Settings.AncestorCount, mempool.Settings.DescendantCount, chainstate.IsInitialBlockDownload));
    }

    /// <inheritdoc/>
    public async ValueTask<(string Error, bool Result)> BroadcastAsync(ReadOnlyMemory<byte> tx, Amount maxFee, bool relay, CancellationToken ct)
    {
        if (!Transaction.TryParse(tx.Span, out var transaction))
        {
            return ("TX decode failed", false);
        }

        var sent = await mempool.BroadcastAsync(transaction, maxFee, relay, bypassLimits: false, ct);
        return (sent.Error, sent.IsSent);
    }

    /// <inheritdoc/>
    public ValueTask<HeaderInfo?> GetBlockHeaderInfoAsync(BlockHash hash, CancellationToken ct) =>
        ValueTask.FromResult(chainstate.Index.Find(hash) is { } node ? InfoOf(node) : null);

    /// <inheritdoc/>
    public ValueTask<(IHandler Result, ulong Sequence)> SubscribeAsync(IChainListener listener, CancellationToken ct)
    {
        var subscription = subscribers.Add(listener, chainstate.Events.Subscribe());
        return ValueTask.FromResult<(IHandler, ulong)>((subscription, subscription.StartedAfter));
    }

    /// <inheritdoc/>
    public ValueTask<FeedBlock?> GetBlockAsync(BlockHash hash, CancellationToken ct) =>
        ValueTask.FromResult(
            chainstate.Index.Find(hash) is { } node && chainstate.Archive.FindData(node) is { } data ? FeedBlocks.Of(node, data) : null);

    /// <inheritdoc/>
    public ValueTask<BlockHash?> GetBlockHashAsync(int height, CancellationToken ct) =>
        ValueTask.FromResult(chainstate.View.At(height)?.Hash);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FoundCoin>> FindCoinsAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> outPoints, CancellationToken ct)
    {
        var coins = await mempool.FindCoinsAsync([.. outPoints.Select(ReadOutPoint)], ct);
        return
        [
            .. coins.Select(static coin => coin is null
                ? new FoundCoin(false, Amount.Zero, default)
                : new FoundCoin(true, coin.Output.Value, coin.Output.ScriptPubKey.Memory)),
        ];
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Relatives>> RelativesAsync(IReadOnlyList<ReadOnlyMemory<byte>> txids, CancellationToken ct)
    {
        var graph = mempool.View.Graph;
        return ValueTask.FromResult<IReadOnlyList<Relatives>>([.. txids.Select(txid => RelativesOf(graph, ReadTxid(txid)))]);
    }

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<bool> Locked, BlockRef? ChainLock)> FinalityAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> txids, CancellationToken ct)
    {
        bool[] locked = [.. txids.Select(txid => finality?.IsLocked(ReadTxid(txid)) ?? false)];
        var block = finality?.ChainLocked is { } node && chainstate.View.Contains(node) ? FeedBlocks.RefOf(node) : (BlockRef?)null;
        return ValueTask.FromResult<(IReadOnlyList<bool>, BlockRef?)>((locked, block));
    }

    /// <inheritdoc/>
    public ValueTask<(string Path, ReadOnlyMemory<byte> Word)> SequenceFileAsync(CancellationToken ct) =>
        ValueTask.FromResult(chainstate.Events.Published is { } number ? (number.Path, number.Word) : ("", default));

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<FeedFilter> Result, bool HasIndex)> GetFiltersAsync(
        BlockRef after, uint maxBytes, CancellationToken ct)
    {
        var view = chainstate.View;
        List<FeedFilter> found = [];
        if (filters is null || chainstate.Index.Find(after.Hash) is not { } start || !view.Contains(start))
        {
            return ValueTask.FromResult<(IReadOnlyList<FeedFilter>, bool)>((found, filters is not null));
        }

        var left = (long)Math.Min(maxBytes, MaxReplyBytes);
        for (var height = start.Height + 1; height <= view.Height && left > 0; height++)
        {
            ct.ThrowIfCancellationRequested();
            var node = view.At(height)!; // the view reaches to its own height
            if (filters.Find(node) is not { } filter)
            {
                break;
            }

            found.Add(new FeedFilter(FeedBlocks.RefOf(node), node.MedianTimePast, node.Header.ToBytes(), filter.Encoded));
            left -= BlockHeader.Size + filter.Encoded.Length;
        }

        return ValueTask.FromResult<(IReadOnlyList<FeedFilter>, bool)>((found, true));
    }

    /// <inheritdoc/>
    public ValueTask<(BlockRef? Result, long MaxTime)> PrunedBlockAsync(int first, int last, CancellationToken ct)
    {
        var view = chainstate.View;
        var highest = last >= view.Height ? view.Tip : view.At(last);
        var pruned = highest is null ? null : chainstate.Archive.LastPruned(highest, first);
        return ValueTask.FromResult<(BlockRef?, long)>(pruned is null ? (null, 0) : (FeedBlocks.RefOf(pruned), pruned.MaxTime));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<bool>> CollateralsAsync(IReadOnlyList<ReadOnlyMemory<byte>> outPoints, CancellationToken ct) =>
        await mempool.AreCollateralsAsync([.. outPoints.Select(ReadOutPoint)], ct);

    /// <inheritdoc/>
    public ValueTask<bool> HasRoomForAsync(ReadOnlyMemory<byte> tx, CancellationToken ct) =>
        ValueTask.FromResult(
            Transaction.TryParse(tx.Span, out var transaction)
            && MempoolLimits.Of(mempool.Settings).CheckPackage(mempool.View.Graph, [transaction], transaction.Size) is null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static OutPoint ReadOutPoint(ReadOnlyMemory<byte> bytes)
    {
        var reader = new SpanReader(bytes.Span);
        var outPoint = OutPoint.Read(ref reader);
        reader.ExpectEnd();
        return outPoint;
    }

    private static Txid ReadTxid(ReadOnlyMemory<byte> bytes)
    {
        var reader = new SpanReader(bytes.Span);
        var txid = new Txid(reader.ReadUint256());
        reader.ExpectEnd();
        return txid;
    }

    // The most descendants are those of an ancestor that has none itself.
    private static Relatives RelativesOf(MempoolGraph graph, Txid txid)
    {
        if (!graph.TryGet(txid, out var entry))
        {
            return default;
        }

        var before = graph.AncestorPackage(entry);
        var after = graph.AncestorsOf(entry.Transaction).Append(entry).Max(ancestor => graph.DescendantPackage(ancestor).Count);
        return new Relatives(before.Count, before.Size, before.Fees, after);
    }

    private FeeEstimate EstimateFor(int target)
    {
        var (conservative, economical) = mempool.Fees.EstimateBoth(target);
        return new FeeEstimate(
            target, RateOf(conservative), conservative.Target, RateOf(economical), conservative.Reason, economical.Reason);

        static FeeRate? RateOf(SmartFeeEstimate estimate) => estimate.Rate.IsZero ? null : estimate.Rate;
    }

    private HeaderInfo InfoOf(BlockNode node) =>
        new(node.Hash, node.Height, node.Header.Time, node.MedianTimePast, chainstate.View.Contains(node));
}
