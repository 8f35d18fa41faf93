using System.Collections.Immutable;
using Dash.Node.Masternodes;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;

namespace Dash.Node.Quorums;

/// <summary>
/// The last commitments of each kind of quorum as one block left them: of rotated kinds the last of each place, of others
/// as many as sign, and one more. Immutable.
/// </summary>
internal sealed class ActiveQuorums
{
    /// <summary>No quorum.</summary>
    public static readonly ActiveQuorums Empty = new(
        ImmutableSortedDictionary<byte, ImmutableList<MinedQuorum>>.Empty,
        ImmutableSortedDictionary<(byte, short), MinedQuorum>.Empty);

    private KnownRoot? _root;

    /// <summary>The last commitments.</summary>
    /// <param name="plain">Of kinds that don't rotate, the newest first.</param>
    /// <param name="rotated">Of kinds that do, by place.</param>
    public ActiveQuorums(
        ImmutableSortedDictionary<byte, ImmutableList<MinedQuorum>> plain,
        ImmutableSortedDictionary<(byte Type, short Index), MinedQuorum> rotated)
    {
        Plain = plain;
        Rotated = rotated;
    }

    /// <summary>Of kinds that don't rotate, the newest first.</summary>
    public ImmutableSortedDictionary<byte, ImmutableList<MinedQuorum>> Plain { get; }

    /// <summary>Of kinds that do, by place.</summary>
    public ImmutableSortedDictionary<(byte Type, short Index), MinedQuorum> Rotated { get; }

    /// <summary>The newest quorums of a kind that does not rotate.</summary>
    public IEnumerable<MinedQuorum> Newest(byte type, int count) =>
        Plain.GetValueOrDefault(type, ImmutableList<MinedQuorum>.Empty).Take(count);

    /// <summary>Quorums of a kind that rotates, in the order of their places.</summary>
    public IEnumerable<MinedQuorum> OfCycle(byte type) =>
        Rotated.Where(pair => pair.Key.Type == type).Select(static pair => pair.Value);

    /// <summary>Whether the commitment of a quorum of the present cycle is in a block.</summary>
    public bool IsMined(byte type, BlockHash quorum)
    {
        if (Plain.TryGetValue(type, out var ofKind))
        {
            foreach (var known in ofKind)
            {
                if (known.Hash == quorum)
                {
                    return true;
                }
            }
        }

        foreach (var (place, known) in Rotated)
        {
            if (place.Type == type && known.Hash == quorum)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The quorums with one more commitment.</summary>
    public ActiveQuorums With(LlmqParams llmq, bool isRotated, MinedQuorum quorum)
    {
        if (isRotated)
        {
            return new ActiveQuorums(Plain, Rotated.SetItem((llmq.Type, quorum.Index), quorum));
        }

        var list = Plain.GetValueOrDefault(llmq.Type, ImmutableList<MinedQuorum>.Empty).Insert(0, quorum);
        if (list.Count > llmq.SigningActiveQuorumCount + 1)
        {
            list = list.RemoveAt(list.Count - 1);
        }

        return new ActiveQuorums(Plain.SetItem(llmq.Type, list), Rotated);
    }

    /// <summary>
    /// DIP4, version 2: the merkle root over the commitments of the quorums that sign after the next block.
    /// </summary>
    /// <param name="llmqs">All kinds.</param>
    /// <param name="isRotated">Which of them rotate by the block before.</param>
    /// <param name="added">The commitments of the next block.</param>
    /// <returns>The root; null and Core's reason if there is none.</returns>
    public (Uint256? Root, string Reason) RootWith(
        IReadOnlyList<LlmqParams> llmqs, Func<LlmqParams, bool> isRotated, IReadOnlyList<(LlmqParams Llmq, MinedQuorum Quorum)> added)
    {
        if (added.Count > 0)
        {
            return ComputeRoot(llmqs, isRotated, added);
        }

        // Most blocks add none, so that it is the same from block to block, as long as the same kinds rotate.
        var rotating = 0UL;
        for (var i = 0; i < llmqs.Count; i++)
        {
            rotating |= isRotated(llmqs[i]) ? 1UL << i : 0;
        }

        if (Volatile.Read(ref _root) is not { } known || known.Rotating != rotating)
        {
            known = new KnownRoot(rotating, ComputeRoot(llmqs, isRotated, added));
            Volatile.Write(ref _root, known);
        }

        return known.Root;
    }

    private (Uint256? Root, string Reason) ComputeRoot(
        IReadOnlyList<LlmqParams> llmqs, Func<LlmqParams, bool> isRotated, IReadOnlyList<(LlmqParams Llmq, MinedQuorum Quorum)> added)
    {
        List<Uint256> hashes = [];
        foreach (var llmq in llmqs)
        {
            var own = added.Where(one => one.Llmq == llmq).Select(static one => one.Quorum).ToArray();
            var ofKind = isRotated(llmq) ? Places(llmq, own) : Last(llmq, own);
            if (ofKind.Count > llmq.SigningActiveQuorumCount)
            {
                return (null, "excess-quorums-calc-cbtx-quorummerkleroot");
            }

            hashes.AddRange(ofKind);
        }

        hashes.Sort(WireOrder.Instance);
        var root = MerkleTree.Root(hashes, out var isMutated);
        return isMutated ? (null, "mutated-calc-cbtx-quorummerkleroot") : (root, "");
    }

    // The root without added commitments where the kinds of these numbers rotate (a bit each, by their place in the list).
    private sealed record KnownRoot(ulong Rotating, (Uint256? Root, string Reason) Root);

    private List<Uint256> Places(LlmqParams llmq, MinedQuorum[] added)
    {
        var places = new SortedDictionary<short, Uint256>();
        foreach (var quorum in OfCycle(llmq.Type).Concat(added))
        {
            places[quorum.Index] = quorum.CommitmentHash;
        }

        return [.. places.Values];
    }

    private List<Uint256> Last(LlmqParams llmq, MinedQuorum[] added)
    {
        List<Uint256> hashes = [.. Newest(llmq.Type, llmq.SigningActiveQuorumCount).Select(static quorum => quorum.CommitmentHash)];
        foreach (var quorum in added)
        {
            if (hashes.Count == llmq.SigningActiveQuorumCount)
            {
                hashes.RemoveAt(hashes.Count - 1);
            }

            hashes.Add(quorum.CommitmentHash);
        }

        return hashes;
    }
}
