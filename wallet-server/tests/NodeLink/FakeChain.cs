using System.Collections.Immutable;
using Dash.Common.Concurrency;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>A node's chain and mempool in memory, with real headers and work, and any number of sessions to it.</summary>
internal sealed class FakeChain
{
    private readonly Lock _gate = new();
    private readonly List<FeedBlock> _active = [];
    private readonly Dictionary<BlockHash, FeedBlock> _known = [];
    private readonly List<Transaction> _mempool = [];
    private readonly List<FakeFeed> _feeds = [];
    private readonly HashSet<Txid> _locked = [];
    private BlockRef? _chainLock;
    private int _made;

    public FakeChain(ChainParams network)
    {
        Network = network;
        var genesis = network.Genesis;
        Add(new FeedBlock(new BlockRef(genesis.Hash, 0), default, genesis.Header.Time, genesis.ToBytes()));
    }

    public ChainParams Network { get; init; }

    /// <summary>What the node calls its network; a lie where tests want one.</summary>
    public string Name { get; set; } = "";

    public ulong Sequence { get; private set; }

    /// <summary>Where wallets read the sequence without asking; while it is null they ask.</summary>
    public PublishedNumber? Published { get; set; }

    /// <summary>How often the position was asked for.</summary>
    public int PositionsAsked { get; private set; }

    public BlockRef Tip
    {
        get
        {
            lock (_gate) return _active[^1].Ref;
        }
    }

    /// <summary>Of the active chain, from the first after genesis.</summary>
    public IReadOnlyList<FeedBlock> Blocks
    {
        get
        {
            lock (_gate) return [.. _active.Skip(1)];
        }
    }

    /// <summary>How many sessions there are.</summary>
    public int Sessions
    {
        get
        {
            lock (_gate) return _feeds.Count;
        }
    }

    /// <summary>Blocks that were asked for, by height.</summary>
    public List<int> Served { get; } = [];

    /// <summary>After which heights filters were asked for, other than to see whether there are any.</summary>
    public List<int> FiltersAsked { get; } = [];

    /// <summary>Transactions that were offered, in order.</summary>
    public List<Transaction> Offered { get; } = [];

    /// <summary>Why the node takes no transaction; null if it does.</summary>
    public string? Refusal { get; set; }

    /// <summary>Called when a transaction is offered, before the answer.</summary>
    public Action? OnBroadcast { get; set; }

    /// <summary>Called when fees are asked for, after the answer was made.</summary>
    public Action? OnQuote { get; set; }

    /// <summary>What the node estimates for a target.</summary>
    public Func<int, FeeEstimate> Estimate { get; set; } = static target => new FeeEstimate(target, null, target, null, "None", "None");

    /// <summary>Called when a fork or the position was asked for, after the answer was made.</summary>
    public Action? OnPlace { get; set; }

    /// <summary>The node keeps filters of its blocks.</summary>
    public bool HasFilters { get; set; }

    /// <summary>What happens whenever filters are asked for.</summary>
    public Func<Task>? BeforeFilters { get; set; }

    /// <summary>How long the link takes, as it says.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Blocks are served when this has ended.</summary>
    public Task MayServe { get; set; } = Task.CompletedTask;

    /// <summary>Blocks up to this height are not stored any more; negative for none.</summary>
    public int PrunedHeight { get; set; } = -1;

    /// <summary>
    /// The node is one that knows nothing of pruning, and says nothing of it but fails where a block is not stored; nor does it know parts of the mempool.
    /// </summary>
    public bool IsOlder { get; set; }

    /// <summary>Outputs that registered masternodes have locked.</summary>
    public HashSet<OutPoint> Collaterals { get; } = [];

    /// <summary>How transactions hang together in the mempool, as the node says; it says nothing of others.</summary>
    public Dictionary<Txid, Relatives> Relatives { get; } = [];

    /// <summary>Has the mempool room for a transaction?</summary>
    public Func<Transaction, bool> HasRoomFor { get; set; } = static _ => true;

    /// <summary>How often they were asked for.</summary>
    public int CollateralsAsked { get; private set; }

    /// <summary>Called when a part of the mempool was asked for, after the answer was made, with the cursor.</summary>
    public Action<ulong>? OnPart { get; set; }

    /// <summary>More bytes of transactions than this no message holds.</summary>
    public long MostInMessage { get; set; } = 64 << 20;

    /// <summary>How often blocks were asked for.</summary>
    public int BlocksAsked { get; private set; }

    /// <summary>How often somebody subscribed.</summary>
    public int Subscriptions { get; private set; }

    /// <summary>Events are lost until the next <see cref="SayBehind"/>.</summary>
    public bool IsMute { get; set; }

    public IReadOnlyList<Transaction> Mempool
    {
        get
        {
            lock (_gate) return [.. _mempool];
        }
    }

    public NodeSession Connect(string address = "fake")
    {
        FakeFeed feed = new(this);
        lock (_gate) _feeds.Add(feed);
        return new NodeSession(address, feed, feed, feed.Disconnected) { RoundTrip = () => RoundTrip };
    }

    /// <summary>The node dies: every session ends.</summary>
    public void Die()
    {
        List<FakeFeed> feeds;
        lock (_gate)
        {
            feeds = [.. _feeds];
            _feeds.Clear();
        }

        foreach (var feed in feeds) feed.Break();
    }

    public FeedBlock Mine(params Transaction[] txs) => Mine(0, txs);

    /// <summary>One more block on the tip, that many seconds after it (0: ten minutes).</summary>
    public FeedBlock Mine(int seconds, params Transaction[] txs)
    {
        var tip = _active[^1];
        var time = (uint)(tip.MedianTime + (seconds == 0 ? 600 : seconds));
        var coinbase = new Transaction(
            [new TxIn(OutPoint.Null, new ScriptBuilder().Number(tip.Ref.Height + 1).Number(_made++).Build())],
            [new TxOut(new Amount(500_000_000), new Script([0x51]))]);
        ImmutableArray<Transaction> content = [coinbase, .. txs];
        var root = new Block(new BlockHeader(4, default, default, 0, 0, 0), content).ComputeMerkleRoot(out _);
        BlockHeader header;
        for (var nonce = 0u; ; nonce++)
        {
            header = new BlockHeader(4, tip.Ref.Hash, root, time, Network.PowLimitBits, nonce);
            if (CompactTarget.CheckProofOfWork(header.Hash, header.Bits, Network.PowLimit)) break;
        }

        var block = new FeedBlock(
            new BlockRef(header.Hash, tip.Ref.Height + 1), tip.Ref.Hash, time, new Block(header, content).ToBytes());
        Connect(block, txs);
        return block;
    }

    /// <summary>A block whose header is not what it is said to be.</summary>
    public void MineForged() => MineForged(static honest =>
    {
        honest[40] ^= 1;
        return honest;
    });

    /// <summary>A block whose bytes are others than those of the header's block.</summary>
    public FeedBlock MineForged(Func<byte[], byte[]> change)
    {
        IsMute = true;
        var honest = Mine();
        IsMute = false;
        var forged = honest with { Data = change(honest.Data.ToArray()) };
        lock (_gate)
        {
            _active[^1] = forged;
            _known[forged.Ref.Hash] = forged;
        }

        Tell((feed, sequence) => feed.BlockConnectedAsync(sequence, forged, default));
        return forged;
    }

    /// <summary>That many blocks without anybody's transactions.</summary>
    public void MineMany(int count)
    {
        for (var i = 0; i < count; i++) Mine();
    }

    /// <summary>While nobody looks, the node loses the blocks above a height.</summary>
    public IReadOnlyList<FeedBlock> Cut(int height)
    {
        lock (_gate)
        {
            List<FeedBlock> lost = [.. _active.Skip(height + 1)];
            _active.RemoveRange(height + 1, lost.Count);
            return lost;
        }
    }

    /// <summary>The node gets blocks again.</summary>
    public void Restore(IEnumerable<FeedBlock> blocks)
    {
        foreach (var block in blocks) Connect(block, []);
    }

    /// <summary>The tip leaves the chain.</summary>
    public void Invalidate()
    {
        var block = _active[^1];
        lock (_gate) _active.RemoveAt(_active.Count - 1);
        Tell((feed, sequence) => feed.BlockDisconnectedAsync(sequence, block, default));
    }

    /// <summary>The mempool takes a transaction from a peer.</summary>
    public void Receive(Transaction tx)
    {
        lock (_gate) _mempool.Add(tx);
        Tell((feed, sequence) => feed.TransactionAddedAsync(sequence, tx.ToBytes(), default), tx);
    }

    /// <summary>The mempool drops a transaction.</summary>
    public void Evict(Transaction tx)
    {
        lock (_gate) _mempool.RemoveAll(other => other.Txid == tx.Txid);
        Tell((feed, sequence) => feed.TransactionRemovedAsync(sequence, tx.Txid, "sizelimit", default));
    }

    /// <summary>InstantSend locks a transaction.</summary>
    public void LockTransaction(Transaction tx)
    {
        lock (_gate) _locked.Add(tx.Txid);
        Tell((feed, sequence) => feed.TransactionLockedAsync(sequence, tx.Txid, default));
    }

    /// <summary>The tip gets a ChainLock.</summary>
    public void LockTip()
    {
        var tip = Tip;
        lock (_gate) _chainLock = tip;
        Tell((feed, sequence) => feed.ChainLockedAsync(sequence, tip, default));
    }

    /// <summary>The subscribers hear that they were too slow, and hear events again.</summary>
    public void SayBehind()
    {
        IsMute = false;
        Tell((feed, sequence) => feed.BehindAsync(sequence, default));
    }

    /// <summary>The node lets go of all subscribers: it tells them nothing any more, and stays.</summary>
    public async Task DropListenersAsync()
    {
        List<IChainListener> dropped = [];
        lock (_gate)
        {
            dropped.AddRange(Listeners());
            _feeds.ForEach(static feed => feed.Forget());
        }

        foreach (var listener in dropped) await listener.DisposeAsync();
    }

    public void SetMockTime(long time)
    {
        foreach (var listener in Listeners()) Done(listener.MockTimeChangedAsync(time, default));
    }

    /// <summary>A transaction of a stranger that pays a script.</summary>
    public Transaction Pay(Script script, Amount amount)
    {
        var source = new OutPoint(new Txid(Hashes.Sha256(BitConverter.GetBytes(_made++))), 0);
        return new Transaction([new TxIn(source, Script.Empty)], [new TxOut(amount, script)]);
    }

    private IEnumerable<IChainListener> Listeners()
    {
        lock (_gate) return [.. _feeds.Select(feed => feed.Listener).OfType<IChainListener>()];
    }

    private void Connect(FeedBlock block, Transaction[] txs)
    {
        lock (_gate)
        {
            Add(block);
            _mempool.RemoveAll(tx => txs.Any(mined => mined.Txid == tx.Txid));
        }

        Tell((feed, sequence) => feed.BlockConnectedAsync(sequence, block, default));
    }

    private void Add(FeedBlock block)
    {
        _active.Add(block);
        _known[block.Ref.Hash] = block;
    }

    private void Tell(Func<IChainListener, ulong, ValueTask> tell, Transaction? added = null)
    {
        ulong sequence;
        Span<byte> note = stackalloc byte[PublishedNumber.NoteSize];
        note.Clear();
        added?.Txid.Value.CopyTo(note);
        lock (_gate)
        {
            sequence = ++Sequence;
            Published?.Say(sequence, note);
        }

        if (IsMute) return;
        foreach (var listener in Listeners()) Done(tell(listener, sequence));
    }

    // Listeners queue and return.
    private static void Done(ValueTask told) => Assert.True(told.AsTask().Wait(TimeSpan.FromSeconds(60)));

    /// <summary>One session's view.</summary>
    private sealed class FakeFeed(FakeChain chain) : IChainFeed, IHandler
    {
        private readonly CancellationTokenSource _end = new();
        private (IReadOnlyList<Transaction> Txs, ulong Sequence) _parts = ([], 0);

        public CancellationToken Disconnected => _end.Token;

        public IChainListener? Listener { get; private set; }

        public void Break() => _end.Cancel();

        public void Forget() => Listener = null;

        public ValueTask<(string Network, BlockHash Genesis, int ProtocolVersion, string NodeVersion)> IdentityAsync(CancellationToken ct) =>
            Answer(() => (chain.Name.Length > 0 ? chain.Name : chain.Network.Name, chain.Network.Genesis.Hash, 70240, "v1"));

        public ValueTask<(ulong Sequence, BlockRef Tip)> PositionAsync(CancellationToken ct)
        {
            var answer = Answer(() =>
            {
                chain.PositionsAsked++;
                return (chain.Sequence, chain.Tip);
            });
            chain.OnPlace?.Invoke();
            return answer;
        }

        public ValueTask<BlockRef?> FindForkAsync(BlockLocator locator, CancellationToken ct)
        {
            var answer = Answer(() =>
            {
                foreach (var hash in locator.Hashes)
                {
                    if (chain._active.Find(block => block.Ref.Hash == hash) is { } found) return (BlockRef?)found.Ref;
                }

                return null;
            });
            chain.OnPlace?.Invoke();
            return answer;
        }

        public async ValueTask<(IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned)> GetBlocksAsync(
            BlockRef after, uint maxBytes, bool knowsPruned, CancellationToken ct)
        {
            chain.BlocksAsked++;
            await chain.MayServe.WaitAsync(ct);
            return await Answer<(IReadOnlyList<FeedBlock>, bool, bool)>(() =>
            {
                var index = chain._active.FindIndex(block => block.Ref.Hash == after.Hash);
                if (index < 0) return ([], false, false);
                if (index < chain.PrunedHeight)
                {
                    return knowsPruned && !chain.IsOlder ? ([], true, true) : throw new IpcException(IpcErrorKind.Failed, "it is not stored");
                }

                List<FeedBlock> blocks = [];
                for (var bytes = 0; ++index < chain._active.Count && (blocks.Count == 0 || bytes < maxBytes);)
                {
                    blocks.Add(chain._active[index]);
                    bytes += chain._active[index].Data.Length;
                }

                chain.Served.AddRange(blocks.Select(block => block.Ref.Height));
                return (blocks, true, false);
            });
        }

        public ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence)> GetMempoolAsync(CancellationToken ct) =>
            Answer<(IReadOnlyList<ReadOnlyMemory<byte>>, ulong)>(() => chain._mempool.Sum(static tx => tx.Size) <= chain.MostInMessage
                ? ([.. chain._mempool.Select(tx => (ReadOnlyMemory<byte>)tx.ToBytes())], chain.Sequence)
                : throw new IpcException(IpcErrorKind.Failed, "Message is too large to be sent."));

        // Parts of one transaction, which the wallet must bear however much it asked for.
        public ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence, ulong Next)> GetMempoolPartAsync(
            ulong cursor, uint maxBytes, CancellationToken ct)
        {
            var answer = Answer<(IReadOnlyList<ReadOnlyMemory<byte>>, ulong, ulong)>(() =>
            {
                if (chain.IsOlder) throw new IpcException(IpcErrorKind.Unimplemented, "no such method");
                if (cursor == 0) _parts = ([.. chain._mempool], chain.Sequence);
                return ([.. _parts.Txs.Skip((int)cursor).Take(1).Select(tx => (ReadOnlyMemory<byte>)tx.ToBytes())],
                    _parts.Sequence,
                    (int)cursor + 1 < _parts.Txs.Count ? cursor + 1 : 0);
            });
            chain.OnPart?.Invoke(cursor);
            return answer;
        }

        public ValueTask<FeeQuote> FeeQuoteAsync(IReadOnlyList<int> targets, CancellationToken ct)
        {
            var quote = Answer(() => new FeeQuote(
                new FeeRate(1000), new FeeRate(1000), new FeeRate(1000), new FeeRate(3000),
                [.. targets.Select(chain.Estimate)], 25, 25, false));
            chain.OnQuote?.Invoke();
            return quote;
        }

        public ValueTask<(string Error, bool Result)> BroadcastAsync(ReadOnlyMemory<byte> tx, Amount maxFee, bool relay, CancellationToken ct)
        {
            chain.OnBroadcast?.Invoke();
            if (_end.IsCancellationRequested) throw Gone();
            var parsed = Transaction.Parse(tx.Span);
            bool isNew;
            lock (chain._gate)
            {
                chain.Offered.Add(parsed);
                isNew = !chain._mempool.Exists(other => other.Txid == parsed.Txid);
            }

            if (chain.Refusal is { } refusal) return ValueTask.FromResult((refusal, false));
            if (isNew) chain.Receive(parsed);
            return ValueTask.FromResult(("", true));
        }

        public ValueTask<HeaderInfo?> GetBlockHeaderInfoAsync(BlockHash hash, CancellationToken ct) => Answer(() =>
            chain._known.TryGetValue(hash, out var block)
                ? new HeaderInfo(hash, block.Ref.Height, block.MedianTime, block.MedianTime, chain._active.Contains(block))
                : null);

        public ValueTask<(IHandler Result, ulong Sequence)> SubscribeAsync(IChainListener listener, CancellationToken ct) =>
            Answer<(IHandler, ulong)>(() =>
            {
                if (!chain._feeds.Contains(this)) chain._feeds.Add(this);
                Listener = listener;
                chain.Subscriptions++;
                return (this, chain.Sequence);
            });

        public ValueTask<FeedBlock?> GetBlockAsync(BlockHash hash, CancellationToken ct) =>
            Answer(() => chain._known.GetValueOrDefault(hash));

        public ValueTask<BlockHash?> GetBlockHashAsync(int height, CancellationToken ct) =>
            Answer(() => height < chain._active.Count ? chain._active[height].Ref.Hash : (BlockHash?)null);

        public ValueTask<(BlockRef? Result, long MaxTime)> PrunedBlockAsync(int first, int last, CancellationToken ct) =>
            Answer<(BlockRef?, long)>(() =>
            {
                if (chain.IsOlder) throw new IpcException(IpcErrorKind.Unimplemented, "no such method");
                var height = Math.Min(Math.Min(last, chain.PrunedHeight), chain._active.Count - 1);
                return height < first ? (null, 0) : (chain._active[height].Ref, chain._active.Take(height + 1).Max(block => block.MedianTime));
            });

        public ValueTask<IReadOnlyList<FoundCoin>> FindCoinsAsync(IReadOnlyList<ReadOnlyMemory<byte>> outPoints, CancellationToken ct) =>
            Answer<IReadOnlyList<FoundCoin>>(() => [.. outPoints.Select(static _ => new FoundCoin(false, default, default))]);

        public ValueTask<IReadOnlyList<Relatives>> RelativesAsync(IReadOnlyList<ReadOnlyMemory<byte>> txids, CancellationToken ct) =>
            Answer<IReadOnlyList<Relatives>>(() => [.. txids.Select(txid => chain.Relatives.GetValueOrDefault(new Txid(txid.Span)))]);

        public ValueTask<bool> HasRoomForAsync(ReadOnlyMemory<byte> tx, CancellationToken ct) => Answer(() =>
            chain.IsOlder ? throw new IpcException(IpcErrorKind.Unimplemented, "no such method") : chain.HasRoomFor(Transaction.Parse(tx.Span)));

        public ValueTask<(IReadOnlyList<bool> Locked, BlockRef? ChainLock)> FinalityAsync(
            IReadOnlyList<ReadOnlyMemory<byte>> txids, CancellationToken ct) =>
            Answer<(IReadOnlyList<bool>, BlockRef?)>(
                () => ([.. txids.Select(txid => chain._locked.Contains(new Txid(txid.Span)))], chain._chainLock));

        public ValueTask<(string Path, ReadOnlyMemory<byte> Word)> SequenceFileAsync(CancellationToken ct) =>
            Answer(() => chain.Published is { } number ? (number.Path, number.Word) : ("", default));

        public ValueTask<IReadOnlyList<bool>> CollateralsAsync(IReadOnlyList<ReadOnlyMemory<byte>> outPoints, CancellationToken ct) =>
            Answer<IReadOnlyList<bool>>(() =>
            {
                if (chain.IsOlder) throw new IpcException(IpcErrorKind.Unimplemented, "no such method");
                chain.CollateralsAsked++;
                return [.. outPoints.Select(ReadOutPoint).Select(chain.Collaterals.Contains)];
            });

        // With the scripts of spent outputs, as far as the chain has seen them made.
        public async ValueTask<(IReadOnlyList<FeedFilter> Result, bool HasIndex)> GetFiltersAsync(BlockRef after, uint maxBytes, CancellationToken ct)
        {
            if (chain.BeforeFilters is { } work) await work();
            return await Answer<(IReadOnlyList<FeedFilter>, bool)>(() => Filters(after, maxBytes));
        }

        public ValueTask DisconnectAsync(CancellationToken ct) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            lock (chain._gate) chain._feeds.Remove(this);
            Listener = null;
            return ValueTask.CompletedTask;
        }

        private (IReadOnlyList<FeedFilter> Result, bool HasIndex) Filters(BlockRef after, uint maxBytes)
        {
            var index = chain._active.FindIndex(block => block.Ref.Hash == after.Hash);
            if (maxBytes > 1) chain.FiltersAsked.Add(after.Height);
            if (!chain.HasFilters || index < 0) return ([], chain.HasFilters);
            var outputs = chain._active.SelectMany(static block => Block.Parse(block.Data.Span).Transactions)
                .SelectMany(static tx => tx.Outputs.Select((output, at) => (new OutPoint(tx.Txid, (uint)at), output.ScriptPubKey)))
                .ToDictionary();
            List<FeedFilter> filters = [];
            for (var bytes = 0; ++index < chain._active.Count && bytes < maxBytes;)
            {
                var item = chain._active[index];
                var block = Block.Parse(item.Data.Span);
                var spent = block.Transactions.SelectMany(static tx => tx.Inputs)
                    .Select(input => outputs.GetValueOrDefault(input.PreviousOutput)).OfType<Script>();
                var filter = BlockFilter.Create(block, spent);
                filters.Add(new FeedFilter(item.Ref, item.MedianTime, item.Data[..BlockHeader.Size], filter.Encoded));
                bytes += BlockHeader.Size + filter.Encoded.Length;
            }

            return (filters, true);
        }

        private ValueTask<T> Answer<T>(Func<T> answer)
        {
            if (_end.IsCancellationRequested) return ValueTask.FromException<T>(Gone());
            lock (chain._gate) return ValueTask.FromResult(answer());
        }

        private static OutPoint ReadOutPoint(ReadOnlyMemory<byte> bytes)
        {
            var reader = new SpanReader(bytes.Span);
            return OutPoint.Read(ref reader);
        }

        private static IpcException Gone() => new(IpcErrorKind.Disconnected, "the fake node is gone");
    }
}
