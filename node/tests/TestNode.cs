using System.Collections.Immutable;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Node.Mempool;
using Dash.Node.Mining;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests;

/// <summary>
/// Chain, mempool and miner of one regtest node with its validation loop running, on a directory of its own.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Task[] _indexing;

    private TestNode(
        Clock clock,
        PolicySettings settings,
        ChainParams network,
        MiningOptions mining,
        ChainstateOptions options,
        IndexSettings indexes,
        ILoggerFactory logs)
    {
        Clock = clock;
        Chainstate = Chainstate.Open(
            options,
            network,
            clock,
            logs,
            CancellationToken.None);
        Validation = new Validation(Chainstate, NullLoggerFactory.Instance);
        Mempool = new MempoolGate(Chainstate, Validation, settings, clock, NullLoggerFactory.Instance);
        Assembler = new BlockAssembler(Chainstate, Mempool.Owned, mining, clock);
        Generator = new BlockGenerator(Validation, Assembler);
        try
        {
            Indexes = new ChainIndexes(
                indexes,
                new AddressIndexes(indexes.Addresses, Chainstate, options.Reindex),
                options.Directory,
                options,
                Chainstate,
                NullLogger.Instance);
        }
        catch
        {
            Chainstate.Dispose();
            throw;
        }

        _loop = Validation.RunAsync(_stop.Token);
        _indexing = [.. Indexes.Running.Select(index => Task.Run(() => index.RunAsync(_stop.Token)))];
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Clock Clock { get; }

    public Chainstate Chainstate { get; }

    public Validation Validation { get; }

    public MempoolGate Mempool { get; }

    public BlockAssembler Assembler { get; }

    public BlockGenerator Generator { get; }

    public ChainIndexes Indexes { get; }

    public ChainView View => Chainstate.View;

    public BlockNode Tip => View.Tip;

    public TestWallet Wallet { get; } = new();

    /// <summary>Opens a node; mock time starts when dashd's regtest chains of the vectors do.</summary>
    public static TestNode Open(
        TempDirectory directory,
        PolicySettings? settings = null,
        long time = 1_700_000_000,
        MiningOptions? mining = null,
        int scriptThreads = 2,
        IndexSettings? indexes = null) =>
        Open(directory.Path, settings, time, mining, scriptThreads, indexes: indexes);

    public static TestNode Open(
        string directory,
        PolicySettings? settings = null,
        long time = 1_700_000_000,
        MiningOptions? mining = null,
        int scriptThreads = 2,
        ChainstateOptions? options = null,
        ChainParams? network = null,
        IndexSettings? indexes = null,
        ILoggerFactory? logs = null)
    {
        var clock = new Clock();
        clock.SetMockTime(time);
        return new TestNode(
            clock,
            settings ?? PolicySettings.For(ChainParams.Regtest),
            network ?? ChainParams.Regtest,
            mining ?? new MiningOptions(),
            (options ?? new ChainstateOptions(directory)) with { ScriptThreads = scriptThreads },
            indexes ?? IndexSettings.None,
            logs ?? NullLoggerFactory.Instance);
    }

    /// <summary>Opens a node whose chain is stored or opened in a special way.</summary>
    public static TestNode Open(
        ChainstateOptions options,
        ChainParams? network = null,
        long time = 1_700_000_000,
        IndexSettings? indexes = null,
        ILoggerFactory? logs = null) =>
        Open(options.Directory, time: time, options: options, network: network, indexes: indexes, logs: logs);

    public async Task<IReadOnlyList<BlockHash>> Mine(int count, Script? payTo = null)
    {
        // A block each 150 seconds, so that the median moves.
        var hashes = new List<BlockHash>();
        for (var i = 0; i < count; i++)
        {
            Clock.SetMockTime(Clock.MockTime + 150);
            hashes.AddRange(await Generator.GenerateAsync(1, payTo ?? Wallet.Script, 1_000_000, Ct));
        }

        return hashes;
    }

    public Block ReadBlock(int height) => Chainstate.Archive.ReadBlock(View.At(height)!);

    /// <summary>The coinbase of a height of the active chain, to be spent.</summary>
    public (OutPoint OutPoint, TxOut Output) Coinbase(int height)
    {
        var transaction = ReadBlock(height).Transactions[0];
        return (new OutPoint(transaction.Txid, 0), transaction.Outputs[0]);
    }

    public Task<AcceptResult> Send(Transaction transaction) => Mempool.AcceptAsync(transaction, Ct);

    public Task<BlockVerdict> Submit(Block block) =>
        Validation.SubmitBlockAsync(block, block.ToBytes(), isRequested: true, Ct);

    /// <summary>
    /// A block on the tip with these transactions, changed at will, with proof of work; not submitted.
    /// </summary>
    public async Task<Block> Build(
        IEnumerable<Transaction>? transactions = null,
        Func<Transaction, Transaction>? coinbase = null,
        Func<BlockHeader, BlockHeader>? header = null)
    {
        var template = await Validation.PostAsync(
            (_, _) => Assembler.Create(Wallet.Script, fromMempool: false).Block, Ct);
        var first = template.Transactions[0];
        var block = new Block(
            header is null ? template.Header : header(template.Header),
            [coinbase is null ? first : coinbase(first), .. template.Transactions.Skip(1), .. transactions ?? []]);
        var tries = 1_000_000L;
        return BlockSolver.Solve(block, ref tries, Ct)!;
    }

    public Task<CoinStatistics> CountCoins() =>
        Validation.PostAsync((chainstate, stop) => chainstate.CountCoins(CoinHash.Serialized, stop), Ct);

    public Task<Coin?> FindCoin(OutPoint outPoint) =>
        Validation.PostAsync((chainstate, _) => chainstate.Coins.Find(outPoint), Ct);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Task.WhenAll(_indexing);
        Indexes.Dispose();
        Chainstate.Dispose();
        _stop.Dispose();
        Wallet.Dispose();
    }
}
