using System.Numerics;
using Dash.Common.Concurrency;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Node.Quorums;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// The owner of everything known about blocks and coins, in memory and on disk. Members say whose they are: what is
/// for any thread is immutable or safe; the rest belongs to the validation loop, see <see cref="Validation"/>.
/// </summary>
internal sealed class Chainstate : IDisposable
{
    // While there is much to connect the index is stored only so often: what is lost is connected again.
    private const int ConnectedBeforeStoring = 1_000;

    // Core: a check as thorough as this at the start means that what was refused once is tried again.
    private const int LevelToTryAgain = 3;

    // More than a few that come one by one.
    private const int ManyBlocks = 24;

    // One line at start, so that nobody takes this node for more than it is.
    private const string NotVerified = "BLS signatures, superblock payments, locks";

    private readonly ChainstateOptions _options;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly ChainStorage _storage;
    private readonly CoinsCache _coins;
    private readonly ChainFlush _flush;
    private readonly ActiveChain _chain;
    private readonly BlockConnector _connector;
    private readonly BlockAcceptance _acceptance;
    private readonly ChainActivation _activation;
    private readonly BigInteger _minimumWork;
    private bool _hasCaughtUp;
    private bool _isImporting;
    private bool _isReindexing;

    private Chainstate(ChainstateOptions options, ChainParams network, Clock clock, ILoggerFactory logs)
    {
        _options = options;
        _clock = clock;
        _log = logs.CreateLogger(LogCategory.None);
        _minimumWork = CompactTarget.ToNumber(network.MinimumChainWork);
        Network = network;
        MasternodeSignals signals = new(network);
        Deployments = new VersionBits(network, signals);
        TipReport = new TipReport(network, Deployments, clock, _log);
        Scripts = new ScriptVerifier(options.ScriptThreads, options.SignatureCacheBytes);
        Index = new BlockIndex();

        AssumedValid.Tell(network, _log);
        _storage = new ChainStorage(options, network, Index, _log);
        _isReindexing = _storage.IndexStore.IsReindexing;
        _isImporting = true;
        try
        {
            Archive = new BlockArchive(_storage.Files) { HasPruned = _storage.HasPruned };
            Pruning = new ChainPruning(
                Index, _storage.Files, network, options.PruneTarget, logs.CreateLogger(LogCategory.Prune));
            if (new FirstBlocks(network, Index, Archive).Load(_isReindexing))
            {
                _storage.StoreIndex(isDurable: true);
            }

            _storage.OpenCoins();
            _storage.ForgetLost(Archive);
            if (_storage.Coins.Heads is { } heads)
            {
                new CoinsReplay(Index, Archive, _log).Run(_storage.Coins, heads);
            }

            _coins = new CoinsCache(_storage.Coins);
            _flush = new ChainFlush(options, _storage, _coins, clock, _log);
            Events = new ChainEvents(new ChainView(LoadTip()));
            PayloadHistory history = new(Archive, network);
            CommitmentRules commitments = new(network, Deployments);
            Evo = new EvoChain(network, Index, Archive, history, Deployments, signals, commitments, _storage.OpenEvo(), _log);
            SpecialTransactions = new SpecialTransactions(network, Index, history, commitments, signals, Evo);
            _connector = new BlockConnector(network, SpecialTransactions, Scripts, _log);
            _chain = new ActiveChain(
                Index,
                Archive,
                _coins,
                _connector,
                new AssumedValid(network, Index),
                Events,
                StoreConnected,
                LogTip);
        }
        catch
        {
            _storage.Dispose();
            throw;
        }

        _acceptance = new BlockAcceptance(network, Index, Archive, clock, _log);
        _activation = new ChainActivation(Index, Archive, _chain, _log, AfterBlock);
    }

    /// <summary>Called on the loop when the chain has reached the height at which the node shall end.</summary>
    public Action? StopHeightReached { get; set; }

    /// <summary>The network's parameters. Any thread.</summary>
    public ChainParams Network { get; }

    /// <summary>All known headers. Finding one is for any thread, the rest for the loop.</summary>
    public BlockIndex Index { get; }

    /// <summary>Blocks and undo data. Reading is for any thread.</summary>
    public BlockArchive Archive { get; }

    /// <summary>States of signalled rules. Any thread.</summary>
    public VersionBits Deployments { get; }

    /// <summary>News of chain and mempool, and the position readers ask for. Reading is for any thread.</summary>
    public ChainEvents Events { get; }

    /// <summary>The active chain. Any thread.</summary>
    public ChainView View => Events.Position.View;

    /// <summary>The coins at the tip. Loop only.</summary>
    public ICoinsView Coins => _coins;

    /// <summary>Checks of scripts, remembering what passed. Loop only.</summary>
    public ScriptVerifier Scripts { get; }

    /// <summary>Rules of special transactions. Loop only.</summary>
    public SpecialTransactions SpecialTransactions { get; }

    /// <summary>Masternodes, quorums and what else special transactions add up to. Loop only.</summary>
    public EvoChain Evo { get; }

    /// <summary>Tells of new tips, and warns. The warning is for any thread.</summary>
    public TipReport TipReport { get; }

    /// <summary>Which block files may go. Locks are for any thread, the rest for the loop.</summary>
    public ChainPruning Pruning { get; }

    /// <summary>The database of the block index, for the indexes that are kept in it too.</summary>
    public BlockIndexStore IndexStore => _storage.IndexStore;

    /// <summary>The coins on disk. Loop only.</summary>
    public CoinStore CoinStore => _storage.Coins;

    /// <summary>Whether blocks are being read from files still, which is so from the start. Any thread.</summary>
    public bool IsImporting => Volatile.Read(ref _isImporting);

    /// <summary>Whether the index is being built anew from the block files. Any thread.</summary>
    public bool IsReindexing => Volatile.Read(ref _isReindexing);

    /// <summary>Age in seconds of a tip from which on the chain is far from the present. Any thread.</summary>
    public long MaxTipAge => _options.MaxTipAge;

    /// <summary>Least work of a chain worth downloading. Any thread.</summary>
    public BigInteger MinimumWork => _minimumWork;

    /// <summary>Whether the chain is still far from the present: little work, or a tip too old. Once it has caught up it stays so. Any thread.</summary>
    public bool IsInitialBlockDownload
    {
        get
        {
            var tip = View.Tip;
            if (!Volatile.Read(ref _hasCaughtUp)
                && !IsImporting
                && tip.ChainWork >= _minimumWork
                && tip.Header.Time >= _clock.UnixSeconds - _options.MaxTipAge)
            {
                Volatile.Write(ref _hasCaughtUp, true);
            }

            return !Volatile.Read(ref _hasCaughtUp);
        }
    }

    /// <summary>
    /// Whether headers of many blocks are there whose blocks are not. Any thread; the first who finds so has usual priority, because it starts
    /// the database's own thread.
    /// </summary>
    public bool AwaitsManyBlocks()
    {
        if (Index.BestHeader is not { } best || best.Height < View.Tip.Height + ManyBlocks)
        {
            return false;
        }

        _storage.IndexStore.Store.StartTidying();
        return true;
    }

    /// <summary>
    /// Opens what is stored, or begins with the genesis block, and checks the last blocks. Better blocks that are stored
    /// but not in the coins are connected by <see cref="BlockImporter"/>.
    /// </summary>
    /// <exception cref="StorageException">The data is broken, of another network, or in use.</exception>
    public static Chainstate Open(
        ChainstateOptions options, ChainParams network, Clock clock, ILoggerFactory logs, CancellationToken ct)
    {
        var chainstate = new Chainstate(options, network, clock, logs);
        try
        {
            chainstate.CheckStored(ct);
            if (options.ConnectAtOpen)
            {
                chainstate.ActivateSome(() => ct.IsCancellationRequested);
                chainstate.FinishImport();
            }

            return chainstate;
        }
        catch
        {
            chainstate.Dispose();
            throw;
        }
    }

    /// <summary>Adds someone who changes with the chain; called on the loop. Before the loop runs.</summary>
    public void AddFollower(IChainFollower follower) => _chain.AddFollower(follower);

    /// <summary>Adds a header to the tree. Loop only.</summary>
    public ValidationState SubmitHeader(BlockHeader header)
    {
        var state = _acceptance.AcceptHeader(header, out _);
        _storage.StoreIndex(isDurable: false);
        return state;
    }

    /// <summary>Adds headers, each on top of the one before, up to the first that is refused. Loop only.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="last">The last that is in the tree; null for none.</param>
    public ValidationState SubmitHeaders(IReadOnlyList<BlockHeader> headers, out BlockNode? last)
    {
        last = null;
        var state = ValidationState.Valid;
        foreach (var header in headers)
        {
            ThreadTurns.Rest();
            state = _acceptance.AcceptHeader(header, out var node);
            if (state.IsInvalid)
            {
                break;
            }

            last = node;
        }

        _storage.StoreIndex(isDurable: false);
        return state;
    }

    /// <summary>Checks and stores a block and moves the tip if that makes a better chain. Loop only.</summary>
    /// <param name="block">The block.</param>
    /// <param name="data">The block's bytes.</param>
    /// <param name="isRequested">False for a block that came unasked and must be worth its space.</param>
    /// <param name="isDurable">Return only when the block would survive a power cut.</param>
    /// <param name="ct">Stops between blocks.</param>
    public BlockVerdict SubmitBlock(
        Block block, ReadOnlyMemory<byte> data, bool isRequested, bool isDurable, CancellationToken ct)
    {
        var state = _acceptance.AcceptBlock(block, data.Span, _chain.Tip, isRequested, out var node, out var isNew);
        if (state.IsInvalid)
        {
            Log.BlockRefused(_log, state);
            _storage.StoreIndex(isDurable: false);
            return new BlockVerdict(node, isNew, state);
        }

        var accepted = node!; // a valid block has a node
        if (isNew && accepted.Previous == _chain.Tip && !IsInitialBlockDownload)
        {
            Events.TipExtending?.Invoke(accepted, block);
        }

        var verdicts = Activate(isNew ? (accepted, block, data) : null, () => ct.IsCancellationRequested);
        _storage.StoreIndex(isDurable);
        return new BlockVerdict(accepted, isNew, verdicts.TryGetValue(accepted, out var verdict) ? verdict : null) { Tried = verdicts };
    }

    /// <summary>Takes a block from a file, without moving the tip yet. Loop only.</summary>
    /// <param name="block">The block.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="known">Where it lies in the node's own files; null for another file.</param>
    /// <returns>Whether it was new and is stored now.</returns>
    public bool Import(Block block, ReadOnlySpan<byte> data, FilePosition? known)
    {
        var state = _acceptance.AcceptBlock(block, data, _chain.Tip, isRequested: true, out _, out var isNew, known);
        return !state.IsInvalid && isNew;
    }

    /// <summary>Connects better blocks that are stored, for a while. Loop only.</summary>
    /// <param name="isEnough">Asked between blocks.</param>
    /// <returns>Whether there is more to do.</returns>
    public bool ActivateSome(Func<bool> isEnough)
    {
        Activate(fresh: null, isEnough);
        return _activation.IsBetterKnown;
    }

    /// <summary>The index has been built anew from all files. Loop only.</summary>
    public void FinishReindex()
    {
        new FirstBlocks(Network, Index, Archive).Complete();
        _storage.StoreIndex(isDurable: true);
        _storage.IndexStore.IsReindexing = false;
        Volatile.Write(ref _isReindexing, false);
    }

    /// <summary>Everything that lay in files has been read and connected. Loop only.</summary>
    public void FinishImport()
    {
        _storage.StoreIndex(isDurable: false);
        Volatile.Write(ref _isImporting, false);
    }

    /// <summary>Checks stored blocks and coins against each other. Loop only.</summary>
    /// <param name="level">How thoroughly, 0 to 4.</param>
    /// <param name="depth">How many blocks; 0 for all.</param>
    /// <param name="ct">Ends early, as if all was well.</param>
    public bool Verify(int level, int depth, CancellationToken ct) =>
        new ChainVerification(Network, Archive, _connector, _log)
            .Run(_chain.Tip, _coins, level, depth, _options.CoinsCacheBytes, ct);

    /// <summary>Deletes block files up to a height, as far as they may go. Loop only.</summary>
    public void PruneManually(int height) => Remove(Pruning.TakeManual(height, _chain.Tip));

    /// <summary>Deletes block files if there are too many. Loop only.</summary>
    public void PruneIfNeeded()
    {
        if (Pruning.IsAutomatic && !IsReindexing)
        {
            _storage.Files.HasGrown = false;
            Remove(Pruning.TakeAutomatic(_chain.Tip, IsInitialBlockDownload));
        }
    }

    /// <summary>Checks a block on top of the tip without storing or connecting it. Loop only.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isProposal">Its proof of work and merkle root are not there yet.</param>
    public ValidationState TestBlock(Block block, bool isProposal)
    {
        var tip = _chain.Tip;
        if (block.Header.Previous != tip.Hash)
        {
            return ValidationState.Invalid(InvalidKind.MissingPrevious, "inconclusive-not-best-prevblk");
        }

        if (HeaderRules.CheckAfter(block.Header, tip, _clock.UnixSeconds, Network) is { IsInvalid: true } header)
        {
            return header;
        }

        if (BlockRules.Check(block, Network, checkProofOfWork: !isProposal) is { IsInvalid: true } shape)
        {
            return shape;
        }

        return BlockRules.CheckAfter(block, tip, Network) is { IsInvalid: true } context
            ? context
            : _chain.Test(block, isProposal);
    }

    /// <summary>Marks a block invalid on the user's word and moves to the best chain without it. Loop only.</summary>
    /// <exception cref="InvalidOperationException">It is the genesis block.</exception>
    public void Invalidate(BlockNode node, CancellationToken ct)
    {
        if (node.Previous is null)
        {
            throw new InvalidOperationException("The genesis block cannot be invalidated.");
        }

        _activation.Invalidate(node);
        Activate(fresh: null, () => ct.IsCancellationRequested);
        _storage.StoreIndex(isDurable: true);
    }

    /// <summary>Takes an invalidation back and moves to the best chain. Loop only.</summary>
    public void Reconsider(BlockNode node, CancellationToken ct)
    {
        _activation.Reconsider(node);
        Activate(fresh: null, () => ct.IsCancellationRequested);
        _storage.StoreIndex(isDurable: true);
    }

    /// <summary>Prefers a block to others of equal work. Loop only.</summary>
    public void Prefer(BlockNode node, CancellationToken ct)
    {
        _activation.Prefer(node);
        Activate(fresh: null, () => ct.IsCancellationRequested);
        _storage.StoreIndex(isDurable: false);
    }

    /// <summary>Blocks without known descendants, and the tip. Loop only.</summary>
    public IReadOnlyList<BlockNode> Tips() =>
        [.. Index.Nodes
            .Where(node => node == _chain.Tip || Index.ChildrenOf(node).Count == 0)
            .OrderByDescending(static node => node.Height)
            .ThenBy(static node => node.Hash)];

    /// <summary>Counts and hashes all coins, after writing them. Loop only.</summary>
    public CoinStatistics CountCoins(CoinHash kind, CancellationToken ct) => _flush.CountCoins(_chain.Tip, kind, ct);

    /// <summary>
    /// All coins at the tip, after writing them, ordered by txid and index: as they are now, whatever happens later.
    /// Loop only to open; to be read once, by any thread, before the chain state is closed.
    /// </summary>
    public IEnumerable<KeyValuePair<OutPoint, Coin>> OpenCoins() => _flush.OpenCoins();

    /// <summary>Writes blocks, index and coins to disk, each before what relies on it. Loop only.</summary>
    /// <exception cref="StorageException">The disk is full, or fails.</exception>
    public void Flush() => _flush.Run();

    /// <summary>
    /// Flushes when memory runs short or it has not been done for long, and deletes old files when they are too many.
    /// Loop only.
    /// </summary>
    public void FlushIfNeeded()
    {
        _flush.RunIfDue();
        if (_storage.Files.HasGrown)
        {
            PruneIfNeeded();
        }
    }

    /// <summary>Makes sure that blocks acknowledged without waiting would survive a power cut. Loop only.</summary>
    public void MakeDurable() => _storage.StoreIndex(isDurable: true);

    /// <summary>Closes the files without writing anything more. After the loop has ended.</summary>
    public void Dispose()
    {
        Events.Complete();
        _activation.Dispose();
        _storage.Dispose();
    }

    private BlockNode LoadTip()
    {
        if (_coins.BestBlock.IsNull)
        {
            // Nobody can spend the genesis block's output, so it makes no coin.
            var genesis = Network.Genesis.Header.Hash;
            _coins.Apply(new CoinsOverlay(_coins), genesis);
            return Index.Find(genesis)!; // made or found before
        }

        return Index.Find(_coins.BestBlock)
            ?? throw new StorageException("Error initializing block database");
    }

    private void CheckStored(CancellationToken ct)
    {
        Log.NotVerified(_log, NotVerified);
        var tip = _chain.Tip;
        Log.SwitchingChainstate(_log, tip.Height);
        Log.LoadedChain(_log, tip.Hash, tip.Height);
        const int MaxSecondsAhead = 2 * 60 * 60;
        if (tip.Header.Time > _clock.UnixSeconds + MaxSecondsAhead)
        {
            throw new StorageException(
                "The block database contains a block which appears to be from the future. "
                + "This may be due to your computer's date and time being set incorrectly. "
                + "Only rebuild the block database if you are sure that your computer's date and time are correct");
        }

        Log.VerifyingBlocks(_log);

        // Whoever asks for the state of a signalled rule relies on what masternodes signalled before.
        Evo.StateAt(tip);
        if (!_isReindexing && !_options.ReindexChainstate
            && !_storage.Read(() => Verify(_options.CheckLevel, _options.CheckBlocks, ct)))
        {
            throw new StorageException("Corrupted block database detected");
        }

        // The coins may be those of a branch that was given up after they were written.
        while (_chain.Tip.IsFailed)
        {
            _chain.Disconnect();
        }

        Index.RefillCandidates(_chain.Tip);
        if (!_isReindexing && !_activation.IsBetterKnown && _options.CheckLevel >= LevelToTryAgain
            && Index.BestInvalid is { } invalid && invalid.Ancestor(_chain.Tip.Height) == _chain.Tip)
        {
            Log.TryingInvalidAgain(_log, invalid.Hash);
            _activation.Reconsider(invalid);
        }

        _storage.StoreIndex(isDurable: false);
    }

    private void Remove(IReadOnlyList<int> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        _storage.HasPruned = Archive.HasPruned = true;

        // What is deleted must not be needed to bring older coins up to date.
        Flush();
        foreach (var file in files)
        {
            _storage.Files.Delete(file);
        }
    }

    private bool AfterBlock()
    {
        if (_options.CheckBlockIndex && Index.FindInconsistency() is { } broken)
        {
            throw new StorageException($"The index of blocks is inconsistent at {broken}");
        }

        FlushIfNeeded();
        if (_options.StopAtHeight <= 0 || _chain.Tip.Height < _options.StopAtHeight)
        {
            return true;
        }

        StopHeightReached?.Invoke();
        return false;
    }

    private IReadOnlyDictionary<BlockNode, ValidationState> Activate(
        (BlockNode Node, Block Block, ReadOnlyMemory<byte> Data)? fresh, Func<bool> isEnough)
    {
        var verdicts = _activation.ActivateBest(fresh, isEnough);
        TipReport.CheckFork(_chain.Tip, Index.BestInvalid, IsInitialBlockDownload);
        return verdicts;
    }

    private void StoreConnected()
    {
        if (!_isImporting || Index.ChangedCount >= ConnectedBeforeStoring)
        {
            _storage.StoreIndex(isDurable: false);
        }
    }

    private void LogTip(BlockNode tip)
    {
        Pruning.MoveHoldsBack(tip.Height);
        TipReport.Tell(tip, _coins, IsInitialBlockDownload);
    }
}
