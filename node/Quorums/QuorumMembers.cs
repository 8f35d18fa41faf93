using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Quorums;

/// <summary>Draws the members of quorums (DIP6), those of rotated ones in quarters (DIP24). Remembers the last.</summary>
internal sealed class QuorumMembers(ChainParams network, CommitmentRules rules, IQuorumFacts facts)
{
    /// <summary>How far below the quorum's block the one is that decides.</summary>
    public const int WorkDepth = 8;

    private const int MaxRemembered = 512;
    private const int MaxRememberedCycles = 8;

    private readonly Dictionary<(byte Type, BlockNode Quorum), IReadOnlyList<Masternode>> _known = [];
    private readonly Dictionary<(byte Type, BlockNode Cycle), List<Masternode>[]> _cycles = [];

    /// <summary>Members of a quorum in their order; none for a kind that is not used by then.</summary>
    /// <param name="llmq">The kind.</param>
    /// <param name="quorum">The block it is drawn by.</param>
    public IReadOnlyList<Masternode> Of(LlmqParams llmq, BlockNode quorum)
    {
        if (quorum.Previous is not { } before || !rules.IsEnabledAfter(llmq, before))
        {
            return [];
        }

        if (_known.TryGetValue((llmq.Type, quorum), out var known))
        {
            return known;
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        var members = rules.IsRotatedAt(llmq, quorum.Height) ? OfCycle(llmq, quorum) : Draw(llmq, quorum);
        _known[(llmq.Type, quorum)] = members;
        return members;
    }

    private List<Masternode> Draw(LlmqParams llmq, BlockNode quorum)
    {
        if (llmq.UsesRotation || quorum.Height % llmq.DkgInterval != 0)
        {
            return [];
        }

        var next = quorum.Height + 1;
        var work = next >= network.Heights.V20 ? WorkOf(quorum) : quorum;
        var isEvoOnly = network.LlmqPlatform.Type == llmq.Type && next >= network.Heights.V19;
        var nodes = facts.ListAt(work).Valid.Where(node => !isEvoOnly || node.Type == Primitives.Evo.MasternodeType.Evo);
        return [.. Sorted(nodes, ModifierOf(llmq, quorum)).Take(llmq.Size)];
    }

    private List<Masternode> OfCycle(LlmqParams llmq, BlockNode quorum)
    {
        var place = quorum.Height % llmq.DkgInterval;
        if (place >= llmq.SigningActiveQuorumCount)
        {
            return [];
        }

        var cycle = quorum.Ancestor(quorum.Height - place)!; // not above it
        if (!_cycles.TryGetValue((llmq.Type, cycle), out var all))
        {
            if (_cycles.Count >= MaxRememberedCycles)
            {
                _cycles.Clear();
            }

            all = DrawCycle(llmq, cycle);
            _cycles.Add((llmq.Type, cycle), all);
        }

        return all[place];
    }

    // The three quarters drawn in the cycles before, the oldest first, and a new one.
    private List<Masternode>[] DrawCycle(LlmqParams llmq, BlockNode cycle)
    {
        var count = llmq.SigningActiveQuorumCount;
        var quarters = new List<List<Masternode>[]>();
        for (var back = 1; back <= 3; back++)
        {
            if (cycle.Ancestor(cycle.Height - (back * llmq.DkgInterval)) is not { } earlier
                || facts.FindSnapshot(llmq.Type, earlier) is not { } snapshot)
            {
                break;
            }

            quarters.Add(QuarterOf(llmq, earlier, snapshot));
        }

        var drawn = NewQuarter(llmq, cycle, quarters);
        var members = new List<Masternode>[count];
        for (var i = 0; i < count; i++)
        {
            members[i] = [.. Enumerable.Reverse(quarters).SelectMany(quarter => quarter[i]), .. drawn[i]];
        }

        return members;
    }

    // Finds again what NewQuarter drew for an earlier cycle.
    private List<Masternode>[] QuarterOf(LlmqParams llmq, BlockNode cycle, QuorumSnapshot snapshot)
    {
        var quarter = EmptyQuarter(llmq);
        var sorted = Sorted(facts.ListAt(WorkOf(cycle)).Valid, ModifierOf(llmq, cycle));
        List<Masternode> order =
        [
            .. sorted.Where((_, i) => !IsUsed(i)),
            .. sorted.Where((_, i) => IsUsed(i)),
        ];
        if (order.Count == 0)
        {
            return quarter;
        }

        var skipped = new Queue<int>(ExpandSkipped(snapshot.Skipped));
        var at = 0;
        for (var i = 0; i < quarter.Length; i++)
        {
            while (quarter[i].Count < llmq.Size / 4)
            {
                if (skipped.Count > 0 && skipped.Peek() == at)
                {
                    skipped.Dequeue();
                }
                else
                {
                    quarter[i].Add(order[at]);
                }

                at = (at + 1) % order.Count;
            }
        }

        return quarter;

        bool IsUsed(int i) => i < snapshot.IsUsed.Count && snapshot.IsUsed[i];
    }

    // Core: the first that is not zero is whole, those after it count from it.
    private static IEnumerable<int> ExpandSkipped(IReadOnlyList<int> skipped)
    {
        var first = 0;
        foreach (var place in skipped)
        {
            if (first == 0)
            {
                first = place;
                yield return place;
            }
            else
            {
                yield return first + place;
            }
        }
    }

    // Masternodes that served in none of the last three quarters come first.
    private List<Masternode>[] NewQuarter(LlmqParams llmq, BlockNode cycle, List<List<Masternode>[]> earlier)
    {
        var quarter = EmptyQuarter(llmq);
        var size = llmq.Size / 4;
        var all = facts.ListAt(WorkOf(cycle));
        if (all.Valid.Count() < size)
        {
            return quarter;
        }

        var skipsRemoved = cycle.Height + 1 >= network.Heights.V19 || network.Name == ChainParams.Test.Name;
        var used = MasternodeList.Empty.ToBuilder(0);
        var usedIn = quarter.Select(static _ => MasternodeList.Empty.ToBuilder(0)).ToArray();
        for (var i = 0; i < quarter.Length; i++)
        {
            foreach (var node in earlier.SelectMany(members => members[i]))
            {
                var now = all.Find(node.ProTxHash);
                if ((skipsRemoved && now is null) || now is { State.IsBanned: true })
                {
                    continue;
                }

                TryAdd(used, node);
                TryAdd(usedIn[i], node);
            }
        }

        var modifier = ModifierOf(llmq, cycle);
        List<Masternode> order =
        [
            .. Sorted(all.Valid.Where(node => used.Find(node.ProTxHash) is null), modifier),
            .. Sorted(used.All.Where(static node => !node.State.IsBanned), modifier),
        ];
        List<int> skipped = [];
        if (!Fill(quarter, size, order, usedIn, skipped))
        {
            return EmptyQuarter(llmq);
        }

        var isUsed = new bool[all.Count];
        foreach (var (i, node) in Sorted(all.Valid, modifier).Index())
        {
            isUsed[i] = used.Find(node.ProTxHash) is not null;
        }

        facts.Keep(llmq.Type, cycle, new QuorumSnapshot(isUsed, skipped));
        return quarter;
    }

    private static bool Fill(
        List<Masternode>[] quarter, int size, List<Masternode> order, MasternodeListBuilder[] usedIn, List<int> skipped)
    {
        var first = 0;
        var at = 0;
        for (var i = 0; i < quarter.Length; i++)
        {
            var already = usedIn[i].Count;
            var isUpdated = false;
            var start = at;
            while (quarter[i].Count < size && already + quarter[i].Count < order.Count)
            {
                if (usedIn[i].Find(order[at].ProTxHash) is null && TryAdd(usedIn[i], order[at]))
                {
                    quarter[i].Add(order[at]);
                    isUpdated = true;
                }
                else if (first == 0)
                {
                    first = at;
                    skipped.Add(at);
                }
                else
                {
                    skipped.Add(at - first);
                }

                at = (at + 1) % order.Count;
                if (at != start)
                {
                    continue;
                }

                // Once round without finding anybody: there are too few.
                if (!isUpdated)
                {
                    return false;
                }

                isUpdated = false;
            }
        }

        return true;
    }

    private static List<Masternode>[] EmptyQuarter(LlmqParams llmq) =>
        [.. Enumerable.Range(0, llmq.SigningActiveQuorumCount).Select(static _ => new List<Masternode>())];

    // What an earlier state shares with a later one of somebody else keeps it out, as in Core.
    private static bool TryAdd(MasternodeListBuilder builder, Masternode node)
    {
        try
        {
            builder.Add(node);
            return true;
        }
        catch (MasternodeListException)
        {
            return false;
        }
    }

    private static BlockNode WorkOf(BlockNode block) => block.Ancestor(block.Height - WorkDepth) ?? block;

    // The highest score first. Registrations that are not confirmed could have been made to fit.
    private static List<Masternode> Sorted(IEnumerable<Masternode> nodes, Uint256 modifier)
    {
        var scored = new List<(Uint256 Score, Masternode Node)>();
        Span<byte> both = stackalloc byte[2 * Uint256.Size];
        modifier.CopyTo(both[Uint256.Size..]);
        foreach (var node in nodes)
        {
            if (node.State.IsConfirmed)
            {
                node.State.ConfirmedHashWithProTxHash.CopyTo(both);
                scored.Add((Hashes.Sha256(both), node));
            }
        }

        scored.Sort(static (left, right) =>
        {
            var order = right.Score.CompareTo(left.Score);
            return order != 0 ? order : CompareCollaterals(right.Node.Collateral, left.Node.Collateral);
        });
        return scored.ConvertAll(static pair => pair.Node);
    }

    private static int CompareCollaterals(OutPoint left, OutPoint right)
    {
        var order = WireOrder.Instance.Compare(left.Txid.Value, right.Txid.Value);
        return order != 0 ? order : left.Index.CompareTo(right.Index);
    }

    // What decides the scores: from V20 on a ChainLock's signature, which nobody can foresee.
    private Uint256 ModifierOf(LlmqParams llmq, BlockNode cycle)
    {
        var work = WorkOf(cycle);
        var writer = new ByteWriter(128);
        writer.WriteByte(llmq.Type);
        if (work.Height + 1 >= network.Heights.V20)
        {
            if (work.Height >= network.Heights.V20 && facts.CoinbasePayloadOf(work) is { HasChainLock: true } payload)
            {
                writer.WriteInt32(work.Height);
                writer.WriteBytes(payload.BestChainLockSignature.Span[..BlsSignature.Size]);
            }
            else
            {
                writer.WriteUint256(work.Hash.Value);
            }
        }
        else
        {
            writer.WriteUint256((llmq.UsesRotation ? work : cycle).Hash.Value);
        }

        return Hashes.Sha256d(writer.WrittenSpan);
    }
}
