using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Node.Quorums;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>Works out what light clients ask for about masternodes. Belongs to the validation loop.</summary>
internal sealed class MasternodeListDiffs(Chainstate chainstate)
{
    // A state is kept on disk every 144 blocks for the last ones; nobody can make us build more than lies between two.
    private const int MostBuilt = 144;

    // The block that decides who is drawn lies so many below the quorum's.
    private const int WorkDepth = 8;

    /// <summary>What changed from one block to another.</summary>
    /// <param name="from">The earlier block; all zeros for the genesis block.</param>
    /// <param name="to">The later block, or the same.</param>
    /// <param name="fault">Core's reason if it is the request that is wrong; null otherwise.</param>
    /// <returns>Null if the request is wrong, or if it is about blocks so old that their masternodes would have to be built anew.</returns>
    /// <exception cref="StorageException">Blocks that are needed cannot be read.</exception>
    public MasternodeListDiff? Between(BlockHash from, BlockHash to, out string? fault)
    {
        var view = chainstate.View;
        var earlier = from.Value == Uint256.Zero ? view.At(0) : chainstate.Index.Find(from);
        var later = chainstate.Index.Find(to);
        fault = earlier is null ? $"block {from} not found"
            : later is null ? $"block {to} not found"
            : !view.Contains(earlier) || !view.Contains(later) ? $"block {from} and {to} are not in the same chain"
            : earlier.Height > later.Height ? $"base block {from} is higher then block {to}"
            : null;
        return fault is null && Recent(earlier!) is { } before && Recent(later!) is { } after
            && later!.HasData
                ? Build(from, later, before, after)
                : null;
    }

    /// <summary>The state after a block, if it is at hand or takes little to build.</summary>
    public EvoState? Recent(BlockNode node) => chainstate.Evo.TryStateAt(node, MostBuilt);

    private MasternodeListDiff? Build(BlockHash from, BlockNode later, EvoState before, EvoState after)
    {
        var block = chainstate.Archive.ReadBlock(later);
        var (old, now) = (ActiveOf(before.Quorums), ActiveOf(after.Quorums));
        List<FinalCommitment> added = [];
        foreach (var (key, quorum) in now.Where(entry => !old.ContainsKey(entry.Key)))
        {
            if (FindCommitment(later, key, quorum) is not { } commitment)
            {
                return null;
            }

            added.Add(commitment);
        }

        return new MasternodeListDiff
        {
            From = from,
            To = later.Height < chainstate.Network.Heights.Dip0003 ? default : later.Hash, // Core: an empty list is of no block
            Proof = PartialMerkleTree.Create([.. block.Transactions.Select(static transaction => transaction.Txid)], static index => index == 0),
            Coinbase = block.Transactions[0],
            Gone = [.. InOrder(before.Masternodes).Select(static node => node.ProTxHash).Where(hash => after.Masternodes.Find(hash) is null)],
            Changed = [.. InOrder(after.Masternodes).Where(node => !HasSameEntry(before.Masternodes.Find(node.ProTxHash), node))],
            GoneQuorums = [.. old.Keys.Where(key => !now.ContainsKey(key))],
            NewQuorums = added,
            ChainLocks = later.Height + 1 < chainstate.Network.Heights.V20 ? [] : ChainLocksOf(later, added),
        };
    }

    private static IEnumerable<Masternode> InOrder(MasternodeList list) =>
        list.All.OrderBy(static node => node.ProTxHash.Value, WireOrder.Instance);

    private static bool HasSameEntry(Masternode? old, Masternode node) =>
        ReferenceEquals(old, node)
        || (old is not null && old.State.Version == node.State.Version && old.Type == node.Type && old.ListHash == node.ListHash);

    // By kind, then by the block they were drawn by.
    private SortedDictionary<(byte Type, BlockHash Hash), MinedQuorum> ActiveOf(ActiveQuorums quorums)
    {
        SortedDictionary<(byte Type, BlockHash Hash), MinedQuorum> active = new(Comparer<(byte Type, BlockHash Hash)>.Create(
            static (left, right) => left.Type != right.Type
                ? left.Type.CompareTo(right.Type)
                : WireOrder.Instance.Compare(left.Hash.Value, right.Hash.Value)));
        foreach (var llmq in chainstate.Network.Llmqs)
        {
            foreach (var quorum in quorums.Newest(llmq.Type, llmq.SigningActiveQuorumCount).Concat(quorums.OfCycle(llmq.Type)))
            {
                active[(llmq.Type, quorum.Hash)] = quorum;
            }
        }

        return active;
    }

    /// <summary>A commitment as a block up to <paramref name="later"/> has it; null if that block is gone.</summary>
    public FinalCommitment? FindCommitment(BlockNode later, (byte Type, BlockHash Hash) key, MinedQuorum quorum)
    {
        if (later.Ancestor(quorum.MinedHeight) is not { } node || !node.HasData)
        {
            return null; // pruned
        }

        foreach (var transaction in chainstate.Archive.ReadBlock(node).Transactions)
        {
            if (transaction.Type == TransactionType.QuorumCommitment
                && FinalCommitment.TryParse(transaction.ExtraPayload.Span, out var commitment)
                && commitment.LlmqType == key.Type && commitment.QuorumHash == key.Hash && !commitment.IsNull)
            {
                return commitment;
            }
        }

        return null;
    }

    // DIP29: the newest ChainLock that the block 8 below the first of the key generation knew; zeros for none.
    private List<(ReadOnlyMemory<byte> Signature, IReadOnlyList<int> Quorums)> ChainLocksOf(BlockNode later, List<FinalCommitment> quorums)
    {
        SortedDictionary<Uint256, (ReadOnlyMemory<byte> Signature, List<int> Quorums)> locks = new(WireOrder.Instance);
        for (var i = 0; i < quorums.Count; i++)
        {
            var start = chainstate.Index.Find(quorums[i].QuorumHash);
            var work = start is null ? null : later.Ancestor(start.Height - quorums[i].QuorumIndex - WorkDepth);
            var signature = work is not null && work.Height >= chainstate.Network.Heights.V20 && work.HasData
                && chainstate.Evo.CoinbasePayloadOf(work) is { HasChainLock: true } payload
                ? payload.BestChainLockSignature
                : new byte[CbTx.SignatureSize];
            var name = Hashes.Sha256d(signature.Span);
            if (!locks.TryGetValue(name, out var entry))
            {
                locks[name] = entry = (signature, []);
            }

            entry.Quorums.Add(i);
        }

        return [.. locks.Values.Select(static entry => (entry.Signature, (IReadOnlyList<int>)entry.Quorums))];
    }
}
