using System.Globalization;
using System.Numerics;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Node.Quorums;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// The owner of everything known about blocks and coins, in memory and on disk. Members say whose they are: what is
/// for any thread is immutable or safe; the rest belongs to the validation loop, see <see cref="Validation"/>.
/// </summary>
internal sealed class Chainstate : IDisposable
{
    // One line at start, so that nobody takes this node for more than it is.
    private const string NotVerified =
        "BLS signatures, the masternode list and its payments, superblock payments, withdrawal limits, locks";

    private readonly ChainstateOptions _options;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly BlockIndexStore _indexStore;
    private readonly BlockFiles _files;
    private readonly CoinStore _coinStore;
    private readonly CoinsCache _coins;
    private readonly ActiveChain _chain;
    private readonly BlockAcceptance _acceptance;
    private readonly ChainActivation _activation;
    private readonly BigInteger _minimumWork;
    private long _lastFlush;
    private bool _hasCaughtUp;

    private Chainstate(ChainstateOptions options, ChainParams network, Clock clock, ILoggerFactory logs)
    {
        _options = options;
        _clock = clock;
        _log = logs.CreateLogger(LogCategory.None);
        _lastFlush = clock.GetTimestamp();
        _minimumWork = CompactTarget.ToNumber(network.MinimumChainWork);
        Network = network;
        Deployments = new VersionBits(network);
        Scripts = new ScriptVerifier(options.ScriptThreads);
        Index = new BlockIndex();

        _indexStore = new BlockIndexStore(Path.Combine(options.BlocksDirectory, "index"), options.IndexCacheBytes);
        try
        {
            Index.Load(_indexStore.ReadBlocks());
            _files = new BlockFiles(options.BlocksDirectory, network.Magic.Span, _indexStore.ReadFiles());
            RequireBlockFiles();
            Archive = new BlockArchive(_files);
            _coinStore = new CoinStore(Path.Combine(options.Directory, "chainstate"), options.CoinStoreCacheBytes);
            _coins = new CoinsCache(_coinStore);

            var tip = LoadTip();
            Events = new ChainEvents(new ChainView(tip));
            SpecialTransactions = new SpecialTransactions(
                network, Index, new PayloadHistory(Archive, network), new CommitmentRules(network, Deployments));
            _chain = new ActiveChain(
                Index,
                Archive,
                _coins,
                new BlockConnector(network, SpecialTransactions, Scripts),
                Events,
                () => StoreIndex(isDurable: false),
                LogTip);
        }
        catch
        {
            _coinStore?.Dispose();
            _files?.Dispose();
            _indexStore.Dispose();
            throw;
        }

        _acceptance = new BlockAcceptance(network, Index, Archive, clock);
        _activation = new ChainActivation(Index, _chain, _log);
    }

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

    /// <summary>Memory the coins take, estimated, in bytes. Loop only.</summary>
    public long CoinsMemoryUsage => _coins.MemoryUsage;

    /// <summary>
    /// Whether the chain is still far from the present: little work, or a tip too old. Once it has caught up it stays
    /// so.
    /// Any thread.
    /// </summary>
    public bool IsInitialBlockDownload
    {
        get
        {
            var tip = View.Tip;
            if (!Volatile.Read(ref _hasCaughtUp)
                && tip.ChainWork >= _minimumWork
                && tip.Header.Time >= _clock.UnixSeconds - _options.MaxTipAge)
            {
                Volatile.Write(ref _hasCaughtUp, true);
            }

            return !Volatile.Read(ref _hasCaughtUp);
        }
    }

    /// <summary>
    /// Opens what is stored, or begins with the genesis block, and connects blocks that are stored but were not in the
    /// coins yet when the node ended.
    /// </summary>
    /// <exception cref="StorageException">The data is broken, of another network, or in use.</exception>
    public static Chainstate Open(
        ChainstateOptions options, ChainParams network, Clock clock, ILoggerFactory logs, CancellationToken ct)
    {
        var chainstate = new Chainstate(options, network, clock, logs);
        try
        {
            chainstate.CatchUp(ct);
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
        StoreIndex(isDurable: false);
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
            StoreIndex(isDurable: false);
            return new BlockVerdict(node, isNew, state);
        }

        var accepted = node!; // a valid block has a node
        var verdicts = _activation.ActivateBest(isNew ? (accepted, block, data) : null, ct);
        StoreIndex(isDurable);
        return new BlockVerdict(
            accepted, isNew, verdicts.TryGetValue(accepted, out var verdict) ? verdict : null);
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
        _activation.ActivateBest(fresh: null, ct);
        StoreIndex(isDurable: true);
    }

    /// <summary>Takes an invalidation back and moves to the best chain. Loop only.</summary>
    public void Reconsider(BlockNode node, CancellationToken ct)
    {
        _activation.Reconsider(node);
        _activation.ActivateBest(fresh: null, ct);
        StoreIndex(isDurable: true);
    }

    /// <summary>Prefers a block to others of equal work. Loop only.</summary>
    public void Prefer(BlockNode node, CancellationToken ct)
    {
        _activation.Prefer(node);
        _activation.ActivateBest(fresh: null, ct);
        StoreIndex(isDurable: false);
    }

    /// <summary>Blocks without known descendants, and the tip. Loop only.</summary>
    public IReadOnlyList<BlockNode> Tips() =>
        [.. Index.Nodes
            .Where(node => node == _chain.Tip || Index.ChildrenOf(node).Count == 0)
            .OrderByDescending(static node => node.Height)
            .ThenBy(static node => node.Hash)];

    /// <summary>Counts and hashes all coins, after writing them. Loop only.</summary>
    public CoinStatistics CountCoins(bool withHash, CancellationToken ct)
    {
        Flush();
        return CoinStatistics.Count(_coinStore, _chain.Tip, withHash, ct);
    }

    /// <summary>Writes blocks, index and coins to disk, each before what relies on it. Loop only.</summary>
    public void Flush()
    {
        StoreIndex(isDurable: true);
        var count = _coins.ChangedCount;
        var start = _clock.GetTimestamp();
        _coins.Flush(_options.CoinsCacheBytes);
        _lastFlush = _clock.GetTimestamp();
        var ms = (long)_clock.GetElapsedTime(start).TotalMilliseconds;
        Log.Flushed(_log, count, ms);
    }

    /// <summary>Flushes when memory runs short or it has not been done for long. Loop only.</summary>
    public void FlushIfNeeded()
    {
        var isDue = _coins.IsChanged
            && _clock.GetElapsedTime(_lastFlush).TotalSeconds > _options.FlushIntervalSeconds;
        if (isDue || _coins.MemoryUsage > _options.CoinsCacheBytes)
        {
            Flush();
        }
    }

    /// <summary>Makes sure that blocks acknowledged without waiting would survive a power cut. Loop only.</summary>
    public void MakeDurable() => StoreIndex(isDurable: true);

    /// <summary>Closes the files without writing anything more. After the loop has ended.</summary>
    public void Dispose()
    {
        Events.Complete();
        _coinStore.Dispose();
        _files.Dispose();
        _indexStore.Dispose();
    }

    private void RequireBlockFiles()
    {
        foreach (var file in Index.Nodes.Where(static node => node.HasData).Select(static node => node.File).Distinct())
        {
            if (!_files.HasFile(file))
            {
                throw new StorageException($"Block file {file} is missing; rebuild the block index with -reindex.");
            }
        }
    }

    private BlockNode LoadTip()
    {
        var genesis = Index.Find(Network.Genesis.Header.Hash);
        if (genesis is null)
        {
            if (Index.Count > 0)
            {
                throw new StorageException("Incorrect or no genesis block found. Wrong datadir for network?");
            }

            genesis = Index.Add(Network.Genesis.Header, Network.Genesis.Header.Hash);
            Archive.WriteBlock(genesis, Network.Genesis.ToBytes());
            Index.ReceiveTransactions(genesis, 1, tip: null);
            StoreIndex(isDurable: true);
        }

        if (_coins.BestBlock.IsNull)
        {
            // Nobody can spend the genesis block's output, so it makes no coin.
            _coins.Apply(new CoinsOverlay(_coins), genesis.Hash);
            return genesis;
        }

        return Index.Find(_coins.BestBlock)
            ?? throw new StorageException(
                "The block index does not hold the block of the coins database; rebuild it with -reindex.");
    }

    private void CatchUp(CancellationToken ct)
    {
        Log.NotVerified(_log, NotVerified);

        // The coins may be those of a branch that was given up after they were written.
        while (_chain.Tip.IsFailed)
        {
            _chain.Disconnect();
        }

        Index.RefillCandidates(_chain.Tip);
        var start = _chain.Tip;
        if (Index.BestCandidate is { } best && best != start)
        {
            Log.Replaying(_log, start.Height + 1, best.Height);
        }

        _activation.ActivateBest(fresh: null, ct);
        StoreIndex(isDurable: false);
        var tip = _chain.Tip;
        Log.LoadedChain(_log, tip.Hash, tip.Height);
    }

    // A block's bytes first, then the index that points at them.
    private void StoreIndex(bool isDurable)
    {
        if (isDurable)
        {
            _files.Sync();
        }

        var nodes = Index.TakeChanges();
        var files = _files.TakeChanges();
        if (isDurable || nodes.Count > 0 || files.Count > 0)
        {
            _indexStore.Write(nodes, files, _files.LastFile, isDurable);
        }
    }

    private void LogTip(BlockNode tip)
    {
        if (!_log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var version = tip.Header.Version.ToString("x8", CultureInfo.InvariantCulture);
        var work = BigInteger.Log(tip.ChainWork, 2).ToString("F6", CultureInfo.InvariantCulture);
        var date = DateTimeOffset.FromUnixTimeSeconds(tip.Header.Time)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var progress = VerificationProgress.At(tip, Network, _clock.RealUtcNow.ToUnixTimeSeconds())
            .ToString("F6", CultureInfo.InvariantCulture);
        var cache = (_coins.MemoryUsage / (double)(1 << 20)).ToString("F1", CultureInfo.InvariantCulture);
        Log.NewTip(
            _log, tip.Hash, tip.Height, version, work, tip.ChainTransactionCount, date, progress, cache, _coins.Count);
    }
}
