using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Tests.Chain;

/// <summary>
/// The data directory of a node at a moment in which the index has blocks that were not waited for, with what a power cut may
/// have left of their bytes.
/// </summary>
/// <remarks>
/// <code>
/// 1 - ... - 106               coins, and the last durable index
///              \ a1 - a2 - a3 - a4   stored in the order a1 b1 a2 b2 a3 b3 a4
///              \ b1 - b2 - b3
/// </code>
/// </remarks>
public sealed class PowerCutTests : IAsyncLifetime
{
    private const int Flushed = 106;
    private static readonly string[] Stored = ["a1", "b1", "a2", "b2", "a3", "b3", "a4"];
    private static readonly Amount Fee = new(1000);

    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, Block> _blocks = [];
    private readonly List<Block> _below = [];
    private long _time;
    private Uint256 _coins;

    /// <summary>Makes the blocks.</summary>
    public async ValueTask InitializeAsync()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(Flushed);
        for (var height = 1; height <= Flushed; height++)
        {
            _below.Add(node.ReadBlock(height));
        }

        await Make("b", 3);
        await node.Validation.InvalidateAsync(node.View.At(Flushed + 1)!, TestNode.Ct);
        await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee, outputs: 5));
        await Make("a", 4);
        _coins = (await node.CountCoins()).SerializedHash;
        _time = node.Clock.MockTime;

        async Task Make(string branch, int count)
        {
            await node.Mine(count);
            for (var i = 1; i <= count; i++)
            {
                _blocks.Add(branch + i, node.ReadBlock(Flushed + i));
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("a4", 109)]
    [InlineData("a3", 109)] // the other branch has as many blocks
    [InlineData("a1", 109)] // the other branch is whole
    [InlineData("b2", 110)]
    [InlineData("a2 b2", 107)]
    [InlineData("b1 b2 b3", 110)]
    [InlineData("a1 b1 a2 b2 a3 b3 a4", 106)]
    public async Task Blocks_that_are_zeros_after_a_power_cut_are_taken_again(string lost, int height) =>
        await Check(lost.Split(' '), height, (file, at, length) => Write(file, at, new byte[length]));

    [Fact]
    public async Task Blocks_that_are_something_else_after_a_power_cut_are_taken_again()
    {
        var random = new Random(1);
        await Check(["b1", "a4"], 109, (file, at, length) =>
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Write(file, at, bytes);
        });
    }

    [Fact]
    public async Task A_block_with_one_wrong_byte_after_a_power_cut_is_taken_again() =>
        await Check(["a3"], 109, static (file, at, length) => Write(file, at + length - 1, [0xff]));

    [Fact]
    public async Task A_block_in_whose_place_another_one_is_after_a_power_cut_is_taken_again()
    {
        var other = _blocks["b2"].ToBytes();
        byte[] record = [.. ChainParams.Regtest.Magic.Span, .. BitConverter.GetBytes(other.Length), .. other];
        await Check(["a4"], 109, (file, at, _) => Write(file, at, record));
    }

    [Fact]
    public async Task A_file_that_ends_too_early_after_a_power_cut_goes_on() =>
        await Check(["a3", "b3", "a4"], 108, static (file, at, _) =>
        {
            using var cut = File.OpenWrite(file);
            cut.SetLength(Math.Min(cut.Length, at + 20));
        });

    [Fact]
    public async Task A_file_whose_name_is_gone_after_a_power_cut_is_begun_again()
    {
        // A new file is begun for the first of them.
        var options = Options(_directory) with { FileLimits = BlockFileLimits.FastPrune with { MaxFile = SizeBelow() } };
        await Check(Stored, Flushed, static (file, _, _) => File.Delete(file), options);
    }

    [Fact]
    public async Task An_index_that_does_not_say_what_was_on_the_disk_is_looked_at_from_the_coins_on()
    {
        var key = (byte[])[(byte)'F', 13, .. "durableblocks"u8];
        await Check(["a2", "b3", "a4"], 108, (file, at, length) =>
        {
            Write(file, at, new byte[length]);
            using var store = KeyValueStore.Open(Path.Combine(Path.GetDirectoryName(file)!, "index"), 1 << 20);
            var batch = new KeyValueBatch();
            batch.Delete(key);
            store.Write(batch, sync: true);
        });
    }

    [Fact]
    public async Task What_is_whole_after_a_kill_stays()
    {
        using var copy = (await Cut(Options(_directory))).Directory;
        var log = new LogLines();
        await using var node = TestNode.Open(Options(copy), time: _time, logs: log);
        Assert.Empty(log.Lost);
        Assert.Equal(_blocks["a4"].Header.Hash, node.Tip.Hash);
        Assert.All(_blocks.Values, block => Assert.True(node.Chainstate.Index.Find(block.Header.Hash)!.HasData));
    }

    [Fact]
    public async Task A_chain_whose_coins_are_stored_is_not_cut_short()
    {
        var (copy, places) = await Cut(Options(_directory));
        using var directory = copy;
        await TestNode.Open(Options(copy), time: _time).DisposeAsync(); // connects them
        await using (var node = TestNode.Open(Options(copy), time: _time))
        {
            await node.Validation.FlushAsync(TestNode.Ct);
        }

        var (file, at, length) = places["a4"];
        Write(file, at, new byte[length]);
        var failure = Assert.Throws<StorageException>(() => TestNode.Open(Options(copy), time: _time));
        Assert.Equal("Corrupted block database detected", failure.Message);
        File.Delete(file);
        failure = Assert.Throws<StorageException>(() => TestNode.Open(Options(copy), time: _time));
        Assert.Equal("Error loading block database", failure.Message);
    }

    [Fact]
    public async Task Indexes_that_have_read_a_lost_block_follow_another_branch()
    {
        // Blocks and coins as the power cut left them; the indexes stored that they were at a4.
        var all = IndexSettings.None with { Transactions = true, BlockFilters = true, CoinStats = true };
        var (copy, places) = await Cut(Options(_directory), all);
        using var directory = copy;
        var indexes = Path.Combine(copy.Path, "indexes");
        Directory.Delete(indexes, recursive: true);
        Directory.Move(Path.Combine(_directory.Path, "indexes"), indexes);
        foreach (var name in Stored.Where(static name => name[0] == 'a'))
        {
            var (file, at, length) = places[name];
            Write(file, at, new byte[length]);
        }

        await using var node = TestNode.Open(Options(copy), time: _time, indexes: all);
        Assert.Equal(_blocks["b3"].Header.Hash, node.Tip.Hash);
        await CaughtUp(node);
        Assert.All(node.Indexes.Running, index => Assert.Equal(node.Tip, index.Best));
        var counted = await node.Validation.PostAsync((chain, ct) => chain.CountCoins(CoinHash.MuHash, ct), TestNode.Ct);
        Assert.Equal(counted.SerializedHash, node.Indexes.CoinStats!.Find(node.Tip)!.MuHash);

        await Submit(node, [.. Stored]);
        Assert.Equal(_blocks["a4"].Header.Hash, node.Tip.Hash);
        await CaughtUp(node);
        counted = await node.Validation.PostAsync((chain, ct) => chain.CountCoins(CoinHash.MuHash, ct), TestNode.Ct);
        Assert.Equal(counted.SerializedHash, node.Indexes.CoinStats!.Find(node.Tip)!.MuHash);
    }

    private static ChainstateOptions Options(TempDirectory directory) => new(directory.Path);

    // What is damaged, in the order of the file, as the test wants it.
    private async Task Check(string[] lost, int height, Action<string, long, int> damage, ChainstateOptions? options = null)
    {
        var (copy, places) = await Cut(options ?? Options(_directory));
        using var directory = copy;
        var opened = (options ?? Options(copy)) with { Directory = copy.Path, BlocksDirectory = Path.Combine(copy.Path, "blocks") };
        foreach (var (file, at, length) in lost.Select(name => places[name]))
        {
            damage(file, at, length);
        }

        var log = new LogLines();
        await using (var node = TestNode.Open(opened, time: _time, logs: log))
        {
            Assert.Contains($" names {lost.Length} blocks ", Assert.Single(log.Lost), StringComparison.Ordinal);
            Assert.Equal(height, node.View.Height);
            Assert.All(Stored, name => Assert.Equal(!lost.Contains(name), Find(node, name).HasData));
            Assert.Null(await node.Validation.PostAsync((chain, _) => chain.Index.FindInconsistency(), TestNode.Ct));
            Assert.True(await Verify(node));

            await Submit(node, lost);
            await AssertWhole(node);
            Assert.True(await Verify(node));
            await node.Validation.InvalidateAsync(Find(node, "a1"), TestNode.Ct);
            Assert.Equal(_blocks["b3"].Header.Hash, node.Tip.Hash);
            await node.Validation.ReconsiderAsync(Find(node, "a1"), TestNode.Ct);
            Assert.Equal(_blocks["a4"].Header.Hash, node.Tip.Hash);
        }

        log.Lost.Clear();
        await using (var node = TestNode.Open(opened, time: _time, logs: log))
        {
            Assert.Empty(log.Lost);
            await AssertWhole(node);
        }

        await using (var node = TestNode.Open(opened with { Reindex = true, ConnectAtOpen = false }, time: _time))
        {
            await new BlockImporter(node.Chainstate, node.Validation, node.Clock, log).RunAsync([], TestNode.Ct);
            await AssertWhole(node);
        }
    }

    // The directory as it is when all are stored and nobody has waited for the disk since the first 106, and where they lie.
    private async Task<(TempDirectory Directory, Dictionary<string, (string File, long At, int Length)> Places)> Cut(
        ChainstateOptions options, IndexSettings? indexes = null)
    {
        await using var node = TestNode.Open(options, time: _time, indexes: indexes);
        foreach (var block in _below)
        {
            await node.Submit(block);
        }

        await node.Validation.FlushAsync(TestNode.Ct);
        await Submit(node, Stored);
        await CaughtUp(node);
        var copy = _directory.CopyAsIs();
        return (copy, Stored.ToDictionary(static name => name, name =>
        {
            const int header = 8;
            var at = Find(node, name);
            var file = Path.Combine(copy.Path, "blocks", Path.GetFileName(node.Chainstate.Archive.PathOf(at.File)));
            return (file, (long)at.DataOffset - header, header + _blocks[name].ToBytes().Length);
        }));
    }

    private async Task Submit(TestNode node, string[] names)
    {
        foreach (var block in names.Select(name => _blocks[name]))
        {
            var verdict = await node.Validation.PostAsync(
                (chain, stop) => chain.SubmitBlock(block, block.ToBytes(), isRequested: true, isDurable: false, stop), TestNode.Ct);
            Assert.False(verdict.IsRefused);
        }
    }

    private async Task AssertWhole(TestNode node)
    {
        Assert.Equal(_blocks["a4"].Header.Hash, node.Tip.Hash);
        Assert.All(_blocks, pair => Assert.Equal(
            pair.Value.Header.Hash, node.Chainstate.Archive.ReadBlock(Find(node, pair.Key)).Header.Hash));
        Assert.Equal(_coins, (await node.CountCoins()).SerializedHash);
    }

    private BlockNode Find(TestNode node, string name) => node.Chainstate.Index.Find(_blocks[name].Header.Hash)!;

    // A file of this size holds the first 106 and no more.
    private uint SizeBelow() => 1 + (uint)_below.Append(ChainParams.Regtest.Genesis).Sum(static block => 8 + block.ToBytes().Length);

    private static Task<bool> Verify(TestNode node) =>
        node.Validation.PostAsync((chain, ct) => chain.Verify(4, 0, ct), TestNode.Ct);

    private static async Task CaughtUp(TestNode node)
    {
        foreach (var index in node.Indexes.Running)
        {
            while (!await index.CaughtUpAsync(TestNode.Ct))
            {
                await Task.Yield();
            }
        }
    }

    private static void Write(string file, long at, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Position = at;
        stream.Write(bytes);
    }

    private sealed class LogLines : ILoggerFactory, ILogger
    {
        public List<string> Lost { get; } = [];

        public void AddProvider(ILoggerProvider provider)
        {
            // There is none.
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            if (line.Contains("power cut", StringComparison.Ordinal))
            {
                lock (Lost)
                {
                    Lost.Add(line);
                }
            }
        }

        public void Dispose()
        {
            // Nothing to close.
        }
    }
}
