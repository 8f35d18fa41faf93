using Dash.Primitives.Blocks;
using Dash.Primitives.Units;

namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>A chain of blocks that are nothing but a few bytes, told to listeners as a node would.</summary>
internal sealed class FakeFeed : IChainFeed
{
    private readonly List<FeedBlock> _blocks = [];
    private readonly List<IChainListener> _listeners = [];
    private ulong _sequence;

    public FakeFeed(int blocks, int blockBytes = 100)
    {
        for (var height = 0; height <= blocks; height++)
        {
            _blocks.Add(Make(height, blockBytes));
        }
    }

    public bool Disposed { get; private set; }

    public ReadOnlyMemory<byte> Broadcasted { get; private set; }

    public TaskCompletionSource Waiting { get; } = new();

    public IReadOnlyList<IChainListener> Listeners => _listeners;

    public static BlockHash HashOf(int height)
    {
        Span<byte> bytes = stackalloc byte[32];
        BitConverter.TryWriteBytes(bytes, height);
        bytes[31] = 0xda;
        return new BlockHash(bytes);
    }

    public static FeedBlock Make(int height, int bytes)
    {
        var data = new byte[bytes];
        data.AsSpan().Fill((byte)height);
        return new FeedBlock(
            new BlockRef(HashOf(height), height), height == 0 ? default : HashOf(height - 1), 1_000 + height, data);
    }

    public async Task MineAsync(CancellationToken ct)
    {
        var block = Make(_blocks.Count, 100);
        _blocks.Add(block);
        _sequence++;
        foreach (var listener in _listeners)
        {
            await listener.BlockConnectedAsync(_sequence, block, ct);
        }
    }

    public ValueTask<(string Network, BlockHash Genesis, int ProtocolVersion, string NodeVersion)> IdentityAsync(
        CancellationToken ct) => new(("regtest", HashOf(0), 70240, "fake"));

    public ValueTask<(ulong Sequence, BlockRef Tip)> PositionAsync(CancellationToken ct) =>
        new((_sequence, _blocks[^1].Ref));

    public ValueTask<BlockRef?> FindForkAsync(BlockLocator locator, CancellationToken ct) =>
        new(locator.Hashes.Select(hash => _blocks.FirstOrDefault(b => b.Ref.Hash == hash)?.Ref).FirstOrDefault(r => r is not null));

    public ValueTask<(IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned)> GetBlocksAsync(
        BlockRef after, uint maxBytes, bool knowsPruned, CancellationToken ct)
    {
        if (after.Height >= _blocks.Count || _blocks[after.Height].Ref != after)
        {
            return new(([], false, knowsPruned));
        }

        var taken = new List<FeedBlock>();
        long bytes = 0;
        foreach (var block in _blocks.Skip(after.Height + 1).TakeWhile(_ => bytes < maxBytes))
        {
            bytes += block.Data.Length;
            taken.Add(block);
        }

        return new((taken, true, false));
    }

    public ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence)> GetMempoolAsync(CancellationToken ct) =>
        new(([new byte[] { 1 }, new byte[] { 2, 2 }], _sequence));

    public ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence, ulong Next)> GetMempoolPartAsync(
        ulong cursor, uint maxBytes, CancellationToken ct) =>
        new(([new byte[] { (byte)maxBytes, (byte)cursor }], _sequence + 1, cursor + (ulong.MaxValue / 2)));

    public ValueTask<FeeQuote> FeeQuoteAsync(IReadOnlyList<int> targets, CancellationToken ct) => new(new FeeQuote(
        new FeeRate(1000), new FeeRate(1001), new FeeRate(1002), new FeeRate(3000),
        [.. targets.Select(t => new FeeEstimate(t, t < 2 ? null : new FeeRate(1000 * t), Math.Max(t, 2), t < 2 ? null : new FeeRate(900 * t), "sure", "cheap"))], 25, 26, false));

    public ValueTask<(string Error, bool Result)> BroadcastAsync(
        ReadOnlyMemory<byte> tx, Amount maxFee, bool relay, CancellationToken ct)
    {
        Broadcasted = tx;
        return new(maxFee.IsZero ? ("", relay) : ("Fee exceeds maximum configured by user", false));
    }

    public ValueTask<HeaderInfo?> GetBlockHeaderInfoAsync(BlockHash hash, CancellationToken ct) =>
        new(_blocks.Where(b => b.Ref.Hash == hash)
            .Select(b => new HeaderInfo(hash, b.Ref.Height, b.MedianTime + 1, b.MedianTime, true)).FirstOrDefault());

    public ValueTask<(IHandler Result, ulong Sequence)> SubscribeAsync(IChainListener listener, CancellationToken ct)
    {
        _listeners.Add(listener);
        return new((new Subscription(this, listener), _sequence));
    }

    public ValueTask<FeedBlock?> GetBlockAsync(BlockHash hash, CancellationToken ct) =>
        new(_blocks.FirstOrDefault(b => b.Ref.Hash == hash));

    public ValueTask<BlockHash?> GetBlockHashAsync(int height, CancellationToken ct) =>
        new(height >= 0 && height < _blocks.Count ? _blocks[height].Ref.Hash : null);

    public ValueTask<IReadOnlyList<FoundCoin>> FindCoinsAsync(IReadOnlyList<ReadOnlyMemory<byte>> outPoints, CancellationToken ct) =>
        new([.. outPoints.Select(outPoint => new FoundCoin(outPoint.Length == 36, new Amount(outPoint.Length), outPoint))]);

    public ValueTask<IReadOnlyList<Relatives>> RelativesAsync(IReadOnlyList<ReadOnlyMemory<byte>> txids, CancellationToken ct) =>
        new([.. txids.Select(txid => new Relatives(2, 400, new Amount(txid.Span[0]), 3))]);

    public ValueTask<(IReadOnlyList<bool> Locked, BlockRef? ChainLock)> FinalityAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> txids, CancellationToken ct) =>
        new(([.. txids.Select(txid => txid.Span[0] == 1)], txids.Count > 0 ? _blocks[0].Ref : null));

    public ValueTask<(string Path, ReadOnlyMemory<byte> Word)> SequenceFileAsync(CancellationToken ct) =>
        new(("/tmp/number", new byte[] { 1, 2, 3 }));

    public ValueTask<(IReadOnlyList<FeedFilter> Result, bool HasIndex)> GetFiltersAsync(BlockRef after, uint maxBytes, CancellationToken ct) =>
        new(([new FeedFilter(after, 7, new byte[80], new byte[] { 1, 2 })], true));

    public ValueTask<(BlockRef? Result, long MaxTime)> PrunedBlockAsync(int first, int last, CancellationToken ct) =>
        new(first > last ? (null, 0) : (_blocks[first].Ref, _blocks[first].MedianTime));

    public ValueTask<IReadOnlyList<bool>> CollateralsAsync(IReadOnlyList<ReadOnlyMemory<byte>> outPoints, CancellationToken ct) =>
        new([.. outPoints.Select(outPoint => outPoint.Span[0] == 1)]);

    public ValueTask<bool> HasRoomForAsync(ReadOnlyMemory<byte> tx, CancellationToken ct) => new(tx.Length < 3);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return default;
    }

    private sealed class Subscription(FakeFeed feed, IChainListener listener) : IHandler
    {
        public async ValueTask DisconnectAsync(CancellationToken ct)
        {
            if (feed._listeners.Remove(listener))
            {
                await listener.DisposeAsync();
            }
        }

        public ValueTask DisposeAsync() => DisconnectAsync(CancellationToken.None);
    }
}
