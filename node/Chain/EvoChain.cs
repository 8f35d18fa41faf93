using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Node.Quorums;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// The <see cref="EvoState"/> after each of the last blocks, on all branches; older ones are built from the blocks when they
/// are asked for, from the nearest one that is kept on disk. Belongs to the validation loop.
/// </summary>
internal sealed class EvoChain : IQuorumFacts
{
    // A pruned node has 288 blocks. Half as many lie between two kept states, so that the last ones can be built.
    private const int StoreInterval = 144;
    private const int StoresKept = 9;

    // Lists that decide about rotated quorums are kept for as many cycles as one draws on, and one more.
    private const int CyclesKept = 5;

    // Members of rotated quorums are drawn from lists up to three cycles old, which are 288 blocks each at most.
    private const int RememberedBlocks = 1_500;

    // Building more than so many states is worth a line in the log.
    private const int LongBuild = 1_000;

    private readonly ChainParams _network;
    private readonly BlockIndex _index;
    private readonly BlockArchive _archive;
    private readonly PayloadHistory _history;
    private readonly VersionBits _versionBits;
    private readonly MasternodeSignals _signals;
    private readonly CommitmentRules _commitments;
    private readonly EvoStore _store;
    private readonly ILogger _log;
    private readonly QuorumMembers _members;
    private readonly Dictionary<BlockHash, (int Height, EvoState State)> _states = [];
    private int _pruneAt = 2 * RememberedBlocks;

    /// <summary>Joins the parts; nothing is built yet.</summary>
    public EvoChain(
        ChainParams network,
        BlockIndex index,
        BlockArchive archive,
        PayloadHistory history,
        VersionBits versionBits,
        MasternodeSignals signals,
        CommitmentRules commitments,
        EvoStore store,
        ILogger log)
    {
        _network = network;
        _index = index;
        _archive = archive;
        _history = history;
        _versionBits = versionBits;
        _signals = signals;
        _commitments = commitments;
        _store = store;
        _log = log;
        _members = new QuorumMembers(network, commitments, this);
    }

    /// <summary>The state after a block.</summary>
    /// <exception cref="StorageException">Blocks it has to be built from are gone or don't fit each other.</exception>
    public EvoState StateAt(BlockNode node)
    {
        var missing = new Stack<BlockNode>();
        EvoState? state = null;
        for (BlockNode? walk = node; walk is not null && state is null; walk = walk.Previous)
        {
            state = Find(walk);
            if (state is null)
            {
                missing.Push(walk);
            }
        }

        state ??= EvoState.Empty;
        if (missing.Count > LongBuild)
        {
            var first = missing.Peek().Height;
            Log.BuildingMasternodes(_log, first, node.Height);
        }

        while (missing.TryPop(out var next))
        {
            state = Replay(next, state);
        }

        return state;
    }

    /// <summary>The state after a block; null if blocks it would have to be built from are pruned, or are more than so many.</summary>
    public EvoState? TryStateAt(BlockNode node, int mostBuilt = int.MaxValue)
    {
        var built = 0;
        for (BlockNode? walk = node; walk is not null && Find(walk) is null; walk = walk.Previous)
        {
            if (++built > mostBuilt || !walk.HasData)
            {
                return null;
            }
        }

        return StateAt(node);
    }

    /// <inheritdoc/>
    public MasternodeList ListAt(BlockNode node) => StateAt(node).Masternodes;

    /// <inheritdoc/>
    public CbTx? CoinbasePayloadOf(BlockNode node) => _history.CoinbasePayloadOf(node);

    /// <inheritdoc/>
    public QuorumSnapshot? FindSnapshot(byte llmqType, BlockNode cycle) => _store.FindSnapshot(llmqType, cycle);

    /// <inheritdoc/>
    public void Keep(byte llmqType, BlockNode cycle, QuorumSnapshot snapshot) => _store.Keep(llmqType, cycle, snapshot);

    /// <summary>Members of a quorum, in their order.</summary>
    public IReadOnlyList<Masternode> MembersOf(LlmqParams llmq, BlockNode quorum) => _members.Of(llmq, quorum);

    /// <summary>Whether V24 is active in the block after <paramref name="previous"/>.</summary>
    public bool IsV24After(BlockNode previous) => _versionBits.IsActiveAfter(previous, "v24");

    /// <summary>The masternodes after a block on top of <paramref name="previous"/>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="previous">Its parent.</param>
    /// <param name="before">The state after the parent.</param>
    /// <param name="coins">The coins before the block; null for a block that was checked before.</param>
    /// <param name="list">The list, when valid.</param>
    public ValidationState ListAfter(
        Block block, BlockNode previous, EvoState before, ICoinsView? coins, out MasternodeList list)
    {
        if (previous.Height + 1 < _network.Heights.Dip0003)
        {
            list = MasternodeList.Empty;
            return ValidationState.Valid;
        }

        try
        {
            return new MasternodeListUpdate(
                    _network, previous, IsV24After(previous), coins, commitment => MembersFor(commitment, previous))
                .Apply(before.Masternodes, block, out list);
        }
        catch (MasternodeListException e)
        {
            list = MasternodeList.Empty;
            return ValidationState.Consensus("failed-procspectxsinblock", e.Message);
        }
    }

    /// <summary>Commitments of a block's transactions that are not null.</summary>
    public IReadOnlyList<(LlmqParams Llmq, MinedQuorum Quorum)> MinedBy(IEnumerable<Transaction> transactions, int height)
    {
        List<(LlmqParams, MinedQuorum)> mined = [];
        foreach (var transaction in transactions)
        {
            if (transaction.Type == TransactionType.QuorumCommitment
                && FinalCommitment.TryParseReal(transaction.ExtraPayload.Span, out var commitment)
                && _commitments.Find(commitment.LlmqType) is { } llmq)
            {
                mined.Add((llmq, new MinedQuorum(commitment.QuorumHash, commitment.QuorumIndex, commitment.Hash, height)));
            }
        }

        return mined;
    }

    /// <summary>The state after a valid block, given its list.</summary>
    public EvoState StateAfter(Block block, BlockNode previous, EvoState before, MasternodeList list)
    {
        var height = previous.Height + 1;
        var quorums = before.Quorums;
        foreach (var (llmq, quorum) in MinedBy(block.Transactions, height))
        {
            var isRotated = _index.Find(quorum.Hash) is { } node && _commitments.IsRotatedAt(llmq, node.Height);
            quorums = quorums.With(llmq, isRotated, quorum);
        }

        return new EvoState
        {
            Masternodes = list,
            Quorums = quorums,
            CreditPool = height < _network.Heights.V20
                ? CreditPool.Empty
                : before.CreditPool.After(
                    block.Transactions, BalanceOf(block), height, IsV24After(previous), _network),
            Signals = SignalsAfter(block, previous, before),
        };
    }

    /// <summary>Remembers the state after a block that was checked.</summary>
    public void Remember(BlockNode node, EvoState state)
    {
        Cache(node, state);
        DrawCycles(node);
        Store(node, state);
    }

    private void Cache(BlockNode node, EvoState state)
    {
        _states[node.Hash] = (node.Height, state);
        foreach (var (bit, height) in state.Signals)
        {
            if (node.Ancestor(height) is { } signalled)
            {
                _signals.Add(bit, signalled);
            }
        }

        if (_states.Count > _pruneAt)
        {
            foreach (var (hash, (height, _)) in _states)
            {
                if (height < node.Height - RememberedBlocks)
                {
                    _states.Remove(hash);
                }
            }

            _pruneAt = _states.Count + RememberedBlocks;
        }
    }

    /// <summary>Signals of a block's transactions, bits only.</summary>
    public static IEnumerable<byte> SignalsOf(Block block)
    {
        foreach (var transaction in block.Transactions.Skip(1))
        {
            if (transaction.HasExtraPayload && transaction.Type == TransactionType.MnHfSignal
                && MnHfSignal.TryParse(transaction.ExtraPayload.Span, out var signal))
            {
                yield return signal.VersionBit;
            }
        }
    }

    /// <summary>Signals before a block that are for rules of today.</summary>
    public IEnumerable<KeyValuePair<byte, int>> SignalsBefore(BlockNode previous, EvoState before) =>
        previous.Height + 1 < _network.Heights.V20
            ? []
            : before.Signals.Where(signal => previous.Ancestor(signal.Value) is { } node && !_signals.IsExpired(signal.Key, node));

    private System.Collections.Immutable.ImmutableSortedDictionary<byte, int> SignalsAfter(
        Block block, BlockNode previous, EvoState before)
    {
        var signals = EvoState.Empty.Signals.AddRange(SignalsBefore(previous, before));
        foreach (var bit in SignalsOf(block))
        {
            signals = signals.SetItem(bit, previous.Height + 1);
        }

        return signals;
    }

    private static Amount BalanceOf(Block block) =>
        block.Transactions[0].Type == TransactionType.CoinbaseSpecial
        && CbTx.TryParse(block.Transactions[0].ExtraPayload.Span, out var cbTx)
            ? cbTx.CreditPoolBalance
            : Amount.Zero;

    private EvoState? Find(BlockNode node)
    {
        if (node.Height < _network.Heights.Dip0003)
        {
            return EvoState.Empty;
        }

        if (_states.TryGetValue(node.Hash, out var known))
        {
            return known.State;
        }

        if (StoredFor(node.Height) == 0 || _store.FindState(node.Hash) is not { } stored)
        {
            return null;
        }

        Cache(node, stored);
        return stored;
    }

    private void Store(BlockNode node, EvoState state)
    {
        var blocks = StoredFor(node.Height);
        if (blocks > 0 && node.Height >= _network.Heights.Dip0003)
        {
            _store.Keep(node.Hash, state, node.Ancestor(node.Height - blocks)?.Hash);
        }
    }

    // For how many blocks the state of a height is kept; 0 for not at all.
    private int StoredFor(int height)
    {
        if (height % StoreInterval == 0)
        {
            return StoreInterval * StoresKept;
        }

        foreach (var llmq in _network.Llmqs)
        {
            if (llmq.UsesRotation && (height + QuorumMembers.WorkDepth) % llmq.DkgInterval == 0)
            {
                return llmq.DkgInterval * CyclesKept;
            }
        }

        return 0;
    }

    // A block that was connected before: what it says is right.
    private EvoState Replay(BlockNode node, EvoState before)
    {
        var block = _archive.ReadBlock(node);
        var previous = node.Previous!; // the genesis block is below DIP3
        if (ListAfter(block, previous, before, coins: null, out var list) is { IsInvalid: true } failure)
        {
            throw new StorageException($"The masternode list after block {node.Hash} cannot be built: {failure}");
        }

        var state = StateAfter(block, previous, before, list);
        Remember(node, state);
        return state;
    }

    // The commitment was checked: its quorum is in the chain below.
    private IReadOnlyList<Txid> MembersFor(FinalCommitment commitment, BlockNode previous)
    {
        if (_commitments.Find(commitment.LlmqType) is not { } llmq || _index.Find(commitment.QuorumHash) is not { } quorum
            || previous.Ancestor(quorum.Height) != quorum)
        {
            return [];
        }

        return [.. _members.Of(llmq, quorum).Select(static member => member.ProTxHash)];
    }

    // Each cycle builds on the ones before it, so each is drawn, whether it will be asked for or not.
    private void DrawCycles(BlockNode node)
    {
        foreach (var llmq in _network.Llmqs)
        {
            if (llmq.UsesRotation && node.Height > 0 && node.Height % llmq.DkgInterval == 0
                && _commitments.IsRotatedAt(llmq, node.Height)
                && _store.FindSnapshot(llmq.Type, node) is null)
            {
                _members.Of(llmq, node);
            }
        }
    }
}
