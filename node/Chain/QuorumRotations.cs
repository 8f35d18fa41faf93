using Dash.Node.Consensus;
using Dash.Node.Quorums;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;

namespace Dash.Node.Chain;

/// <summary>
/// Works out what light clients ask for about rotated quorums (DIP24). Costs a bounded number of differences between lists, whatever
/// is asked for. Belongs to the validation loop; one object an answer.
/// </summary>
internal sealed class QuorumRotations
{
    private readonly Chainstate _chainstate;
    private readonly MasternodeListDiffs _diffs;
    private readonly LlmqParams _llmq;
    private readonly bool _isChained;
    private readonly List<BlockNode> _known = []; // in ascending order
    private string? _fault;

    /// <summary>Works on the chain as it is.</summary>
    /// <param name="chainstate">The chain.</param>
    /// <param name="isChained">
    /// Whether each difference may begin where another one of the answer ends, which is so for newer peers; otherwise only at blocks
    /// the client named.
    /// </param>
    public QuorumRotations(Chainstate chainstate, bool isChained)
    {
        _chainstate = chainstate;
        _diffs = new MasternodeListDiffs(chainstate);
        _llmq = chainstate.Network.LlmqInstantSend;
        _isChained = isChained;
    }

    private BlockNode Genesis => _chainstate.View.At(0)!; // every chain has one

    /// <summary>All that is needed for the quorums that sign at a block.</summary>
    /// <param name="known">Blocks whose masternodes the client knows; none for the genesis block.</param>
    /// <param name="wanted">The block.</param>
    /// <param name="withFourth">Whether the cycle before the three that are needed is told too.</param>
    /// <param name="fault">Core's reason if it is the request that is wrong; null otherwise.</param>
    /// <returns>Null if the request is wrong, or if it is about blocks so old that their masternodes would have to be built anew.</returns>
    /// <exception cref="StorageException">Blocks that are needed cannot be read.</exception>
    public QuorumRotation? For(IReadOnlyList<BlockHash> known, BlockHash wanted, bool withFourth, out string? fault)
    {
        var rotation = Build(known, wanted, withFourth);
        fault = _fault;
        return rotation;
    }

    private QuorumRotation? Build(IReadOnlyList<BlockHash> known, BlockHash wanted, bool withFourth)
    {
        var view = _chainstate.View;
        if (!TakeKnown(known, view))
        {
            return null;
        }

        // Older peers hear of the tip by the newest block they know, even one above it.
        var tip = _isChained ? null : Difference(_known[^1], view.Tip);
        if (!_isChained && tip is null)
        {
            return null;
        }

        if (_chainstate.Index.Find(wanted) is not { } node)
        {
            return Refuse("block not found");
        }

        if (CycleAt(node.Height - (node.Height % _llmq.DkgInterval), node, needsSnapshot: false) is not { } own)
        {
            return null;
        }

        var cycle = _isChained ? null : Difference(own.Work);
        if (!_isChained && cycle is null)
        {
            return null;
        }

        List<(Cycle Cycle, MasternodeListDiff? Diff)> earlier = [];
        for (var back = 1; back <= (withFourth ? 4 : 3); back++)
        {
            if (CycleAt(own.First.Height - (back * _llmq.DkgInterval), view.Tip, needsSnapshot: true) is not { } before)
            {
                return null;
            }

            var diff = _isChained ? null : Difference(before.Work);
            if (!_isChained && diff is null)
            {
                return null;
            }

            earlier.Add((before, diff));
        }

        if (Commitments(node) is not { } commitments)
        {
            return null;
        }

        var further = Further(commitments, earlier.Select(static one => one.Cycle.First.Height));
        if (further is null)
        {
            return null;
        }

        if (_isChained)
        {
            for (var i = earlier.Count - 1; i >= 0; i--)
            {
                if (NextDifference(earlier[i].Cycle.Work) is not { } diff)
                {
                    return null;
                }

                earlier[i] = (earlier[i].Cycle, diff);
            }

            cycle = NextDifference(own.Work);
            tip = cycle is null ? null : Difference(view.Tip);
        }

        return cycle is null || tip is null ? null : new QuorumRotation
        {
            Earlier = [.. earlier.Select(static one => (one.Cycle.Snapshot!, one.Diff!))], // asked for above
            Cycle = cycle,
            Tip = tip,
            Commitments = [.. commitments.Select(static one => one.Commitment)],
            Further = further,
        };
    }

    private bool TakeKnown(IReadOnlyList<BlockHash> known, ChainView view)
    {
        foreach (var hash in known)
        {
            if (_chainstate.Index.Find(hash) is not { } node)
            {
                _fault = $"block {hash} not found";
                return false;
            }

            if (!view.Contains(node))
            {
                _fault = $"block {hash} is not in the active chain";
                return false;
            }

            _known.Add(node);
        }

        if (_known.Count == 0)
        {
            _known.Add(Genesis);
        }

        _known.Sort(static (one, other) => one.Height.CompareTo(other.Height));
        return true;
    }

    // The last commitment of each place of the cycles up to a block, and the block it was drawn by.
    private List<(FinalCommitment Commitment, BlockNode Start)>? Commitments(BlockNode node)
    {
        if (_diffs.Recent(node) is not { } state)
        {
            return null;
        }

        List<(FinalCommitment, BlockNode)> found = [];
        foreach (var quorum in state.Quorums.OfCycle(_llmq.Type))
        {
            if (_diffs.FindCommitment(node, (_llmq.Type, quorum.Hash), quorum) is not { } commitment
                || _chainstate.Index.Find(quorum.Hash) is not { } start)
            {
                return null;
            }

            found.Add((commitment, start));
        }

        return found;
    }

    // Quorums of other cycles than the wanted block's were drawn by earlier ones still.
    private List<(QuorumSnapshot Snapshot, MasternodeListDiff Diff)>? Further(
        List<(FinalCommitment Commitment, BlockNode Start)> commitments, IEnumerable<int> told)
    {
        SortedSet<int> needed = [];
        foreach (var (_, start) in commitments)
        {
            var first = start.Height - (start.Height % _llmq.DkgInterval);
            for (var back = 1; back <= 3; back++)
            {
                needed.Add(first - (back * _llmq.DkgInterval));
            }
        }

        needed.ExceptWith(told);
        List<(QuorumSnapshot, MasternodeListDiff)> further = [];
        foreach (var height in needed)
        {
            if (CycleAt(height, _chainstate.View.Tip, needsSnapshot: true) is not { } cycle || NextDifference(cycle.Work) is not { } diff)
            {
                return null;
            }

            further.Add((cycle.Snapshot!, diff)); // asked for
        }

        return further;
    }

    private Cycle? CycleAt(int height, BlockNode tip, bool needsSnapshot)
    {
        var first = height < 0 ? null : tip.Ancestor(height);
        var work = first is null || height < QuorumMembers.WorkDepth ? null : first.Ancestor(height - QuorumMembers.WorkDepth);
        var snapshot = work is null || !needsSnapshot ? null : _chainstate.Evo.FindSnapshot(_llmq.Type, first!);
        _fault = first is null ? "Cannot find block"
            : work is null ? "Cannot find work block"
            : needsSnapshot && snapshot is null ? "Cannot find quorum snapshot"
            : null;
        return _fault is null ? new Cycle(first!, work!, snapshot) : null; // no fault: all are there
    }

    // From the newest block that the client knows by then.
    private MasternodeListDiff? Difference(BlockNode to) => Difference(_known.FindLast(node => node.Height <= to.Height) ?? Genesis, to);

    private MasternodeListDiff? Difference(BlockNode from, BlockNode to) => _diffs.Between(from.Hash, to.Hash, out _fault);

    // The same, after which the client knows that block too.
    private MasternodeListDiff? NextDifference(BlockNode to)
    {
        var diff = Difference(to);
        if (diff is not null && _isChained)
        {
            var at = _known.FindLastIndex(node => node.Height <= to.Height);
            _known.Insert(at + 1, to);
        }

        return diff;
    }

    private QuorumRotation? Refuse(string fault)
    {
        _fault = fault;
        return null;
    }

    // A cycle's first block, the block that decides who is drawn, and how it was drawn if that was asked for.
    private sealed record Cycle(BlockNode First, BlockNode Work, QuorumSnapshot? Snapshot);
}
