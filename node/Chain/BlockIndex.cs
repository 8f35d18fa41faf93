using System.Collections.Concurrent;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;

namespace Dash.Node.Chain;

/// <summary>
/// The tree of all known headers. Looking up is for any thread; everything else belongs to the validation loop. Keeps
/// which nodes changed since they were stored, and which are worth trying as a tip.
/// </summary>
internal sealed class BlockIndex
{
    private readonly ConcurrentDictionary<BlockHash, BlockNode> _nodes = new();
    private readonly Dictionary<BlockNode, List<BlockNode>> _children = [];
    private HashSet<BlockNode> _changed = [];
    private readonly SortedSet<BlockNode> _candidates = new(BlockOrder.Instance);

    // Blocks found invalid in this run: a header far above one of them may not be marked yet.
    private readonly HashSet<BlockNode> _failed = [];
    private int _lastArrival;

    /// <summary>Known headers.</summary>
    public int Count => _nodes.Count;

    /// <summary>Nodes that differ from what is stored of them.</summary>
    public int ChangedCount => _changed.Count;

    /// <summary>All nodes, in no order, as they are while walking.</summary>
    public IEnumerable<BlockNode> Nodes => _nodes.Values;

    /// <summary>The valid header with most work; null before the first.</summary>
    public BlockNode? BestHeader { get; private set; }

    /// <summary>The failed block with most work; null for none.</summary>
    public BlockNode? BestInvalid { get; private set; }

    /// <summary>The best of the blocks that may be a better tip, or null.</summary>
    public BlockNode? BestCandidate => _candidates.Max;

    /// <summary>The node of a hash, or null.</summary>
    public BlockNode? Find(BlockHash hash) => _nodes.GetValueOrDefault(hash);

    /// <summary>The known blocks right on top of one.</summary>
    public IReadOnlyList<BlockNode> ChildrenOf(BlockNode node) => _children.GetValueOrDefault(node) ?? [];

    /// <summary>Adds a header whose parent is known (or the genesis block).</summary>
    public BlockNode Add(BlockHeader header, BlockHash hash)
    {
        var node = Insert(new BlockNode(hash, header, Find(header.Previous)));
        node.RaiseValidity(BlockStatus.ValidTree);
        ConsiderBestHeader(node);
        MarkChanged(node);
        return node;
    }

    /// <summary>Notes that a node differs from what is stored of it.</summary>
    public void MarkChanged(BlockNode node) => _changed.Add(node);

    /// <summary>The nodes that differ from what is stored, which by this call they no longer do.</summary>
    public IReadOnlyList<BlockRecord> TakeChanges()
    {
        BlockRecord[] records = [.. _changed.Select(RecordOf)];
        _changed = []; // clearing a set costs what it once held: after a million headers every block would pay for them
        return records;
    }

    /// <summary>
    /// A block's transactions have arrived: counts them, and lets it and the descendants that waited for it be tried.
    /// </summary>
    public void ReceiveTransactions(BlockNode node, int count, BlockNode? tip)
    {
        node.TransactionCount = (uint)count;
        node.ChainTransactionCount = 0;
        node.RaiseValidity(BlockStatus.ValidTransactions);
        MarkChanged(node);
        if (node.Previous is { HasAllTransactions: false })
        {
            return;
        }

        var queue = new Queue<BlockNode>([node]);
        while (queue.TryDequeue(out var complete))
        {
            var below = complete.Previous?.ChainTransactionCount ?? 0;
            complete.ChainTransactionCount = below + complete.TransactionCount;
            complete.Arrival = ++_lastArrival;
            if (tip is null || BlockOrder.Instance.Compare(complete, tip) >= 0)
            {
                _candidates.Add(complete);
            }

            foreach (var child in ChildrenOf(complete))
            {
                if (child.TransactionCount > 0 && !child.HasAllTransactions)
                {
                    queue.Enqueue(child);
                }
            }
        }
    }

    /// <summary>
    /// A block's bytes are gone: it is a header again, and those above it wait for it. Before any is a candidate.
    /// </summary>
    public void ForgetTransactions(BlockNode node)
    {
        var level = node.Status & BlockStatus.ValidMask;
        node.Status &= ~(BlockStatus.HasData | BlockStatus.HasUndo | BlockStatus.ValidMask);
        node.Status |= level < BlockStatus.ValidTree ? level : BlockStatus.ValidTree;
        node.TransactionCount = 0;
        node.File = 0;
        node.DataOffset = 0;
        node.UndoOffset = 0;
        MarkChanged(node);
        var queue = new Queue<BlockNode>([node]);
        while (queue.TryDequeue(out var incomplete))
        {
            incomplete.ChainTransactionCount = 0;
            foreach (var child in ChildrenOf(incomplete).Where(static child => child.HasAllTransactions))
            {
                queue.Enqueue(child);
            }
        }
    }

    /// <summary>Lets a block be tried as tip, if it is complete and nothing stands against it.</summary>
    public void AddCandidate(BlockNode node)
    {
        if (node.IsValid(BlockStatus.ValidTransactions)
            && node.HasAllTransactions
            && (node.Status & BlockStatus.ConflictChainLock) == 0)
        {
            _candidates.Add(node);
        }
    }

    /// <summary>Stops trying a block.</summary>
    public void RemoveCandidate(BlockNode node) => _candidates.Remove(node);

    /// <summary>Forgets candidates worse than the tip; the tip itself stays.</summary>
    public void PruneCandidates(BlockNode tip)
    {
        while (_candidates.Min is { } worst && BlockOrder.Instance.Compare(worst, tip) < 0)
        {
            _candidates.Remove(worst);
        }
    }

    /// <summary>Makes every block that is at least as good as the tip a candidate again.</summary>
    public void RefillCandidates(BlockNode? tip)
    {
        foreach (var node in _nodes.Values)
        {
            if (tip is null || BlockOrder.Instance.Compare(node, tip) >= 0)
            {
                AddCandidate(node);
            }
        }
    }

    /// <summary>Ranks a block as if it had arrived before its rivals.</summary>
    public void Prefer(BlockNode node, int arrival)
    {
        _candidates.Remove(node);
        node.Arrival = arrival;
        AddCandidate(node);
    }

    /// <summary>
    /// Marks a block failed. As in Core, what stands on it stays what it is until it is tried or something is built on it; of a
    /// chain that was left for it, all that was disconnected is marked.
    /// </summary>
    /// <param name="node">The block.</param>
    /// <param name="left">The tip of the chain that held it until now; null if none did.</param>
    public void MarkFailed(BlockNode node, BlockNode? left = null)
    {
        node.Status |= BlockStatus.FailedValid;
        MarkChanged(node);
        _failed.Add(node);
        _candidates.Remove(node);
        NoteInvalid(node);
        if (left is not null)
        {
            MarkDescendantsFailed(node, left);
        }

        RecomputeBestHeader();
    }

    /// <summary>Marks what lies between a failed block and one of its descendants, and the descendant itself.</summary>
    public void MarkDescendantsFailed(BlockNode failed, BlockNode descendant)
    {
        for (var walk = descendant; walk != failed && walk is not null; walk = walk.Previous)
        {
            MarkChildFailed(walk);
        }
    }

    /// <summary>Whether a block stands on one that failed in this run; marks what is between them if so.</summary>
    public bool StandsOnFailed(BlockNode node)
    {
        if (node.IsFailed)
        {
            return true;
        }

        // What passed once needs no look at the list: that is the common case.
        if (node.IsValid(BlockStatus.ValidScripts) || _failed.FirstOrDefault(one => node.Ancestor(one.Height) == one) is not { } failed)
        {
            return false;
        }

        MarkDescendantsFailed(failed, node);
        return true;
    }

    /// <summary>Takes back what was held against a block, its ancestors and its descendants.</summary>
    public void ClearFailure(BlockNode node, BlockNode tip)
    {
        for (var walk = node; walk is not null; walk = walk.Previous)
        {
            Clear(walk);
        }

        var queue = new Queue<BlockNode>(ChildrenOf(node));
        while (queue.TryDequeue(out var child))
        {
            Clear(child);
            foreach (var next in ChildrenOf(child))
            {
                queue.Enqueue(next);
            }
        }

        RestoreSiblings(node);
        BestInvalid = _nodes.Values.Where(static other => other.IsFailed).Max(BlockOrder.Instance);
        RecomputeBestHeader();

        void Clear(BlockNode walk)
        {
            if (!walk.IsFailed)
            {
                return;
            }

            walk.Status &= ~BlockStatus.FailedMask;
            _failed.Remove(walk);
            MarkChanged(walk);
            if (BlockOrder.Instance.Compare(walk, tip) >= 0)
            {
                AddCandidate(walk);
            }
        }
    }

    /// <summary>A node that contradicts itself or its parent, or null. Looks at all of them.</summary>
    public BlockNode? FindInconsistency() => _nodes.Values.FirstOrDefault(static node =>
        (node.HasUndo && !node.HasData)
        || (node.HasData && node.TransactionCount == 0)
        || (node.HasAllTransactions
            && node.ChainTransactionCount != (node.Previous?.ChainTransactionCount ?? 0) + node.TransactionCount));

    /// <summary>Builds the tree from what is stored.</summary>
    /// <exception cref="StorageException">A parent is missing.</exception>
    public void Load(IEnumerable<BlockRecord> records)
    {
        foreach (var record in records.OrderBy(static record => record.Height))
        {
            var previous = Find(record.Header.Previous);
            if (record.Height > 0 && previous is null)
            {
                throw new StorageException(
                    $"The block index lacks the parent of {record.Hash}; rebuild it with -reindex.");
            }

            var node = Insert(new BlockNode(record.Hash, record.Header, previous)
            {
                Status = record.Status,
                TransactionCount = record.TransactionCount,
                File = record.File,
                DataOffset = record.DataOffset,
                UndoOffset = record.UndoOffset,
            });
            if (node.TransactionCount > 0 && node.Previous is null or { HasAllTransactions: true })
            {
                node.ChainTransactionCount = (previous?.ChainTransactionCount ?? 0) + node.TransactionCount;
            }

            if (!node.IsFailed && previous is { IsFailed: true })
            {
                node.Status |= BlockStatus.FailedChild;
                MarkChanged(node);
            }

            NoteInvalid(node);
            ConsiderBestHeader(node);
        }
    }

    private static BlockRecord RecordOf(BlockNode node) => new(
        node.Hash,
        node.Header,
        node.Height,
        node.Status,
        node.TransactionCount,
        node.File,
        node.DataOffset,
        node.UndoOffset);

    private BlockNode Insert(BlockNode node)
    {
        _nodes[node.Hash] = node;
        if (node.Previous is not null)
        {
            if (!_children.TryGetValue(node.Previous, out var children))
            {
                _children.Add(node.Previous, children = []);
            }

            children.Add(node);
        }

        return node;
    }

    private void NoteInvalid(BlockNode node)
    {
        if (node.IsFailed && (BestInvalid is null || node.ChainWork > BestInvalid.ChainWork))
        {
            BestInvalid = node;
        }
    }

    private void ConsiderBestHeader(BlockNode node)
    {
        if (node.IsValid(BlockStatus.ValidTree) && (BestHeader is null || node.ChainWork > BestHeader.ChainWork))
        {
            BestHeader = node;
        }
    }

    private void MarkChildFailed(BlockNode node)
    {
        node.Status |= BlockStatus.FailedChild;
        MarkChanged(node);
        _candidates.Remove(node);
        NoteInvalid(node);
    }

    private void RecomputeBestHeader()
    {
        var above = new HashSet<BlockNode>();
        var queue = new Queue<BlockNode>(_nodes.Values.Where(static node => node.IsFailed));
        while (queue.TryDequeue(out var node))
        {
            foreach (var child in ChildrenOf(node))
            {
                if (!child.IsFailed && above.Add(child))
                {
                    queue.Enqueue(child);
                }
            }
        }

        BestHeader = _nodes.Values.Where(node => node.IsValid(BlockStatus.ValidTree) && !above.Contains(node)).Max(BlockOrder.Instance);
    }

    // Ancestors that are cleared may have other children that failed only with them: these stay failed on their own.
    private void RestoreSiblings(BlockNode node)
    {
        for (var walk = node.Previous; walk is not null; walk = walk.Previous)
        {
            foreach (var child in ChildrenOf(walk))
            {
                if ((child.Status & BlockStatus.FailedChild) != 0)
                {
                    child.Status |= BlockStatus.FailedValid;
                    _failed.Add(child);
                    MarkChanged(child);
                }
            }
        }
    }
}
