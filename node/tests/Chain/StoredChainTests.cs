using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Chain;

public class StoredChainTests
{
    private static readonly Amount Fee = new(1000);

    [Fact]
    public async Task The_index_is_built_anew_from_block_files()
    {
        using var directory = new TempDirectory();
        var before = await MakeChain(directory.Path);

        await using var node = TestNode.Open(
            new ChainstateOptions(directory.Path) { Reindex = true, ConnectAtOpen = false }, time: before.Time);
        Assert.True(node.Chainstate.IsReindexing);
        Assert.Equal(0, node.View.Height);
        await Import(node);

        await AssertSame(before, node);
        Assert.False(node.Chainstate.IsReindexing);
    }

    [Fact]
    public async Task Building_the_index_anew_goes_on_after_it_was_interrupted()
    {
        using var directory = new TempDirectory();
        var before = await MakeChain(directory.Path);
        await using (TestNode.Open(
            new ChainstateOptions(directory.Path) { Reindex = true, ConnectAtOpen = false }, time: before.Time))
        {
            // Ends before anything is read.
        }

        await using var node = TestNode.Open(
            new ChainstateOptions(directory.Path) { ConnectAtOpen = false }, time: before.Time);
        Assert.True(node.Chainstate.IsReindexing);
        await Import(node);

        await AssertSame(before, node);
    }

    [Fact]
    public async Task Coins_are_built_anew_from_the_index()
    {
        using var directory = new TempDirectory();
        var before = await MakeChain(directory.Path);

        await using var node = TestNode.Open(
            new ChainstateOptions(directory.Path) { ReindexChainstate = true }, time: before.Time);

        await AssertSame(before, node);
    }

    [Fact]
    public async Task Blocks_of_another_node_are_read_in_any_order_and_between_rubbish()
    {
        using var from = new TempDirectory();
        var before = await MakeChain(from.Path);
        byte[][] blocks;
        await using (var other = TestNode.Open(from.Path, time: before.Time))
        {
            blocks = [.. Enumerable.Range(0, other.View.Height + 1).Select(height => other.ReadBlock(height).ToBytes())];
        }

        // Odd blocks first: each waits for its parent. Before each something that looks like the beginning of a block.
        using var to = new TempDirectory();
        Directory.CreateDirectory(Path.Combine(to.Path, "blocks"));
        await using (var file = File.Create(Path.Combine(to.Path, "blocks", "blk00000.dat")))
        {
            var magic = ChainParams.Regtest.Magic.ToArray();
            foreach (var data in blocks.Where((_, height) => height % 2 == 1).Concat(blocks.Where((_, height) => height % 2 == 0)))
            {
                file.Write([.. magic, 200, 0, 0, 0, .. magic[..2], .. magic, .. BitConverter.GetBytes(data.Length), .. data]);
            }
        }

        await using var node = TestNode.Open(
            new ChainstateOptions(to.Path) { Reindex = true, ConnectAtOpen = false }, time: before.Time);
        await Import(node);

        await AssertSame(before, node);
    }

    [Fact]
    public async Task Blocks_are_loaded_from_a_file_elsewhere()
    {
        using var from = new TempDirectory();
        var before = await MakeChain(from.Path);
        using var to = new TempDirectory();

        await using var node = TestNode.Open(new ChainstateOptions(to.Path), time: before.Time);
        await Import(node, Path.Combine(from.Path, "blocks", "blk00000.dat"), Path.Combine(from.Path, "missing.dat"));

        await AssertSame(before, node);
    }

    [Fact]
    public async Task An_interrupted_flush_is_made_whole_after_each_of_its_writes()
    {
        // 1 - ... - 104 - 105 - 106           flushed here
        //               \ 105b - 106b - 107b  flushing this is interrupted
        using var directory = new TempDirectory();
        var options = new ChainstateOptions(directory.Path) { CoinBatchBytes = 100 };
        State expected;
        var time = 0L;
        var writes = 0;
        await using (var node = TestNode.Open(options))
        {
            await node.Mine(102);
            await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee, outputs: 5));
            await node.Mine(4);
            await node.Validation.FlushAsync(TestNode.Ct);
            await node.Validation.InvalidateAsync(node.View.At(105)!, TestNode.Ct);
            await node.Send(node.Wallet.Spend(node.Coinbase(2), Fee, outputs: 7));
            await node.Mine(3);
            time = node.Clock.MockTime;
            await node.Validation.PostAsync((chain, _) => chain.MakeDurable(), TestNode.Ct);
            Copy(directory.Path, directory.Path + ".before");
            node.Chainstate.CoinStore.AfterPartialWrite = () => writes++;
            expected = await State.Of(node);
        }

        Assert.InRange(writes, 3, 1000);
        for (var interrupted = 1; interrupted <= writes; interrupted++)
        {
            using var copy = new TempDirectory();
            Copy(directory.Path + ".before", copy.Path);
            Interrupt(options with { Directory = copy.Path, BlocksDirectory = Path.Combine(copy.Path, "blocks") }, interrupted, time);

            await using var node = TestNode.Open(new ChainstateOptions(copy.Path), time: time);
            Assert.Null(node.Chainstate.CoinStore.Heads);
            Assert.Equal(expected, await State.Of(node));
        }

        Directory.Delete(directory.Path + ".before", recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_named_and_leaves_what_was_stored()
    {
        using var directory = new TempDirectory();
        Assert.True(DiskSpace.Has(directory.Path));
        Assert.False(DiskSpace.Has(directory.Path, long.MaxValue / 2));
        Assert.Equal(
            "Disk space is too low!",
            Assert.Throws<StorageException>(() => DiskSpace.Require(directory.Path, long.MaxValue / 2)).Message);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Old_block_files_are_deleted_when_asked_to_but_not_what_is_held()
    {
        using var directory = new TempDirectory();
        var options = new ChainstateOptions(directory.Path)
        {
            FileLimits = BlockFileLimits.FastPrune,
            PruneTarget = ChainPruning.Manual,
        };
        var network = ChainParams.Regtest with { PruneAfterHeight = 100 };
        var time = 0L;
        await using (var node = TestNode.Open(options, network))
        {
            await node.Mine(900);
            time = node.Clock.MockTime;
            Assert.True(File.Exists(Path.Combine(directory.Path, "blocks", "blk00003.dat")));

            node.Chainstate.Pruning.Hold("some index", 5);
            await Prune(node, 800);
            Assert.True(File.Exists(Path.Combine(directory.Path, "blocks", "blk00000.dat")));
            node.Chainstate.Pruning.Hold("some index", 900);
            await Prune(node, 800);

            Assert.False(File.Exists(Path.Combine(directory.Path, "blocks", "blk00000.dat")));
            Assert.False(File.Exists(Path.Combine(directory.Path, "blocks", "rev00000.dat")));
            var first = BlockArchive.FirstStored(node.Tip);
            Assert.InRange(first.Height, 100, 900 - ChainPruning.MinBlocksToKeep + 1);
            Assert.True(node.Chainstate.Archive.IsPruned(first.Previous!));
            Assert.True(await node.Validation.PostAsync((chain, ct) => chain.Verify(4, 0, ct), TestNode.Ct));
            await node.Mine(1);
        }

        await using (var node = TestNode.Open(options, network, time + 1000))
        {
            Assert.Equal(901, node.View.Height);
            Assert.True(node.Chainstate.Archive.HasPruned);
        }

        var refusal = Assert.Throws<StorageException>(() => TestNode.Open(options with { PruneTarget = null }, network, time + 1000));
        Assert.StartsWith("You need to rebuild the database using -reindex to go back to unpruned mode.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(2, 3)]
    public async Task What_was_invalid_ahead_of_the_tip_is_tried_again_after_a_thorough_check(int level, int height)
    {
        using var directory = new TempDirectory();
        long time;
        await using (var node = TestNode.Open(directory))
        {
            var blocks = await node.Mine(6);
            time = node.Clock.MockTime;
            await node.Validation.InvalidateAsync(node.View.At(4)!, TestNode.Ct);
            Assert.Equal(blocks[2], node.Tip.Hash);
        }

        await using var again = TestNode.Open(new ChainstateOptions(directory.Path) { CheckLevel = level }, time: time);
        Assert.Equal(height, again.View.Height);
    }

    [Fact]
    public async Task Verification_finds_a_coin_that_is_missing_and_undo_data_that_is_broken()
    {
        using var directory = new TempDirectory();
        var before = await MakeChain(directory.Path);
        using (var store = new CoinStore(Path.Combine(directory.Path, "chainstate"), 1 << 20))
        {
            store.Write([new(before.LastCoinbase, null)], store.BestBlock);
        }

        var options = new ChainstateOptions(directory.Path) { CheckLevel = 2, CheckBlocks = 3 };
        await using (var node = TestNode.Open(options, time: before.Time))
        {
            Assert.True(await Verify(node, 2));
            Assert.False(await Verify(node, 3));
        }

        Assert.Equal(
            "Corrupted block database detected",
            Assert.Throws<StorageException>(() => TestNode.Open(new ChainstateOptions(directory.Path), time: before.Time)).Message);

        File.WriteAllBytes(Path.Combine(directory.Path, "blocks", "rev00000.dat"), new byte[100]);
        await using (var node = TestNode.Open(options with { CheckLevel = 1 }, time: before.Time))
        {
            Assert.True(await Verify(node, 1));
            Assert.False(await Verify(node, 2));
        }

        static Task<bool> Verify(TestNode node, int level) =>
            node.Validation.PostAsync((chain, ct) => chain.Verify(level, 0, ct), TestNode.Ct);
    }

    [Fact]
    public async Task What_it_takes_to_take_a_block_back_is_made_again_where_a_power_cut_lost_it()
    {
        using var directory = new TempDirectory();
        using var copy = new TempDirectory();
        byte[] stored;
        long time;
        await using (var node = TestNode.Open(directory))
        {
            await node.Mine(106);
            await node.Validation.FlushAsync(TestNode.Ct);
            stored = File.ReadAllBytes(Rev(directory));
            await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee, outputs: 5));
            await node.Mine(3);
            await node.Validation.PostAsync((chain, _) => chain.MakeDurable(), TestNode.Ct);
            time = node.Clock.MockTime;
            Copy(directory.Path, copy.Path); // the index has all blocks, the coins those up to 106
        }

        // The pages of the file that were not on the disk yet read as zeros.
        File.WriteAllBytes(Rev(copy), [.. stored, .. new byte[new FileInfo(Rev(copy)).Length - stored.Length]]);
        await using (var node = TestNode.Open(copy, time: time))
        {
            Assert.Equal(109, node.View.Height);
            await node.Validation.InvalidateAsync(node.View.At(107)!, TestNode.Ct);
            Assert.Equal(106, node.View.Height);
        }

        static string Rev(TempDirectory directory) => Path.Combine(directory.Path, "blocks", "rev00000.dat");
    }

    [Fact]
    public async Task A_spoilt_database_is_named_also_where_only_the_check_of_blocks_reads_it()
    {
        using var directory = new TempDirectory();
        long time;
        await using (var node = TestNode.Open(directory))
        {
            await node.Mine(250);
            time = node.Clock.MockTime;
        }

        var folder = Path.Combine(directory.Path, "chainstate");
        new CoinStore(folder, 1 << 20).Dispose(); // puts what the log holds into a table
        var table = Directory.EnumerateFiles(folder, "*.ldb").MaxBy(static file => new FileInfo(file).Length)!;
        var bytes = await File.ReadAllBytesAsync(table, TestNode.Ct);
        const int BlockSize = 4096;
        Assert.True(bytes.Length > 3 * BlockSize);
        "spoilt"u8.CopyTo(bytes.AsSpan(BlockSize + (BlockSize / 2))); // coins; the first and the last block are read to open it
        await File.WriteAllBytesAsync(table, bytes, TestNode.Ct);

        TestNode Open(int level) => TestNode.Open(new ChainstateOptions(directory.Path) { CheckLevel = level, CheckBlocks = 0 }, time: time);
        await using (Open(level: 2))
        {
            // Such a check reads no coins.
        }

        Assert.Equal("Error opening block database", Assert.Throws<StorageException>(() => Open(level: 3)).Message);
    }

    [Fact]
    public async Task Scripts_below_a_block_assumed_valid_are_not_run_when_two_weeks_of_work_are_on_top()
    {
        using var directory = new TempDirectory();
        using var other = new TempDirectory();
        Block bad;
        await using (var maker = TestNode.Open(directory))
        {
            await maker.Mine(101);
            var spend = maker.Wallet.Spend(maker.Coinbase(1), Fee);
            var unsigned = spend with { Inputs = [spend.Inputs[0] with { ScriptSig = Script.Empty }] };
            bad = await maker.Build([unsigned]);
            Assert.True((await maker.Submit(bad)).IsRefused);
        }

        await using var source = TestNode.Open(directory, time: bad.Header.Time);
        var network = ChainParams.Regtest with { AssumeValid = bad.Header.Hash };
        await using var node = TestNode.Open(new ChainstateOptions(other.Path), network, bad.Header.Time);
        for (var height = 1; height <= 101; height++)
        {
            Assert.False((await node.Submit(source.ReadBlock(height))).IsRefused);
        }

        // Two weeks are 8,064 blocks of 150 seconds.
        node.Clock.SetMockTime(bad.Header.Time + (9000 * 150));
        var header = bad.Header;
        Assert.True((await node.Validation.SubmitHeaderAsync(header, TestNode.Ct)).IsValid);
        for (var i = 0; i < 8066; i++)
        {
            header = Solve(header with { Previous = header.Hash, MerkleRoot = Uint256.Zero, Time = header.Time + 150 });
            Assert.True((await node.Validation.SubmitHeaderAsync(header, TestNode.Ct)).IsValid);
        }

        Assert.False((await node.Submit(bad)).IsRefused);
        Assert.Equal(bad.Header.Hash, node.Tip.Hash);
    }

    private static BlockHeader Solve(BlockHeader header)
    {
        while (!CompactTarget.CheckProofOfWork(header.Hash, header.Bits, ChainParams.Regtest.PowLimit))
        {
            header = header with { Nonce = header.Nonce + 1 };
        }

        return header;
    }

    private static async Task<State> MakeChain(string directory)
    {
        await using var node = TestNode.Open(directory);
        await node.Mine(103);
        await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee, outputs: 3));
        await node.Mine(1);
        await node.Send(node.Wallet.Spend(node.Coinbase(2), Fee));
        await node.Mine(2);
        return await State.Of(node);
    }

    private static Task Import(TestNode node, params string[] files) =>
        new BlockImporter(node.Chainstate, node.Validation, node.Clock, NullLoggerFactory.Instance).RunAsync(files, TestNode.Ct);

    private static async Task AssertSame(State expected, TestNode node) => Assert.Equal(expected, await State.Of(node));

    private static Task Prune(TestNode node, int height) =>
        node.Validation.PostAsync((chain, _) => chain.PruneManually(height), TestNode.Ct);

    // Connects what is stored, then ends in the middle of writing the coins.
    private static void Interrupt(ChainstateOptions options, int write, long time)
    {
        var clock = new Dash.Common.Time.Clock();
        clock.SetMockTime(time);
        using var chainstate = Chainstate.Open(
            options, ChainParams.Regtest, clock, NullLoggerFactory.Instance, CancellationToken.None);
        var writes = 0;
        chainstate.CoinStore.AfterPartialWrite = () =>
        {
            if (++writes == write)
            {
                throw new InvalidOperationException("interrupted");
            }
        };
        Assert.Throws<InvalidOperationException>(chainstate.Flush);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed record State(BlockHash Tip, Uint256 Coins, long Amount, OutPoint LastCoinbase, long Time)
    {
        public static async Task<State> Of(TestNode node)
        {
            var counted = await node.CountCoins();
            var coinbase = node.Coinbase(node.View.Height).OutPoint;
            return new State(
                node.Tip.Hash, counted.SerializedHash, counted.TotalAmount.Duffs, coinbase, node.Clock.MockTime);
        }
    }
}
