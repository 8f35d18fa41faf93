using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>A wallet, a chain that grows and reorganises, and payments that come, go and contradict each other.</summary>
internal sealed class RandomLife
{
    /// <summary>The wallet's words, so that another one can be made of them.</summary>
    public const string Words =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private readonly TestWallets _wallets;
    private readonly Random _random;
    private readonly TestChain _chain = new();
    private readonly List<Transaction> _mempool = [];
    private readonly List<Transaction> _ever = [];
    private int _blocks;

    public RandomLife(TestWallets wallets, int seed)
    {
        _wallets = wallets;
        _random = new Random(seed);
        Alice = wallets.Create("w", new NewWalletOptions { Mnemonic = Words });
        Chain.Add(_chain["genesis"]);
    }

    private static CancellationToken Ct => TestWallets.Ct;

    public Wallet Alice { get; private set; }

    public List<BlockFacts> Chain { get; } = [];

    public HashSet<Txid> Locked { get; } = [];

    /// <summary>Height of the highest block with a ChainLock: nothing below goes away.</summary>
    public int ChainLock { get; private set; }

    /// <summary>Every payment there ever was.</summary>
    public IReadOnlyList<Transaction> Ever => _ever;

    private string Tip { get; set; } = "genesis";

    private Dictionary<int, string> Names { get; } = new() { [0] = "genesis" };

    public async Task Step()
    {
        await Alice.Connect([.. Chain.Where(block => block.Height > Alice.Snapshot.Tip.Height)]);
        switch (_random.Next(15))
        {
            case 0 or 1 or 2:
                await Receive(_chain.Pay((await Script(), Value()), (await Script(), Value())));
                break;
            case 3 or 4:
                await Receive(await Spend());
                break;
            case 5 or 6 or 7:
                await Mine(_random.Next(1, 3));
                break;
            case 8:
                await Reorganise();
                break;
            case 9:
                await Lock();
                break;
            case 10:
                await LockChain();
                break;
            case 11:
                await Abandon();
                break;
            case 12:
                await Replay();
                break;
            case 13:
                Alice = await _wallets.Reload(Alice);
                await Alice.SetMempoolAsync([.. _mempool], Ct);
                await Alice.LockChainAsync(ChainLock, Ct); // a node is asked at each start
                break;
            default:
                await ReloadAfterOthers();
                break;
        }
    }

    /// <summary>
    /// A payment that spends several outputs together and takes change, where there are some. Not among the steps, whose order others
    /// count on.
    /// </summary>
    public async Task PayTogether()
    {
        var candidates = _ever.Where(static tx => !tx.IsCoinBase).ToList();
        if (candidates.Count > 0)
        {
            var parents = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => candidates[_random.Next(candidates.Count)]).Distinct().ToList();
            var value = new Amount(parents.Sum(static parent => parent.Outputs[0].Value.Duffs) / 3);
            var change = Scenarios.ScriptOf(await Alice.NewChangeAddressAsync(Ct));
            await Receive(TestChain.Pay([.. parents.Select(static parent => new OutPoint(parent.Txid, 0))], (await Script(), value), (change, value)));
        }
    }

    // Somebody else had the file: all tables are made anew of the records.
    private async Task ReloadAfterOthers()
    {
        await _wallets.Directory.UnloadAsync(Alice.Name, null);
        ForeignWrites.Touch(Path.Combine(_wallets.Root, "w", "wallet.dat"));
        Alice = _wallets.Directory.Load("w", null).Wallet;
        await Alice.SetMempoolAsync([.. _mempool], Ct);
        await Alice.LockChainAsync(ChainLock, Ct);
    }

    private Amount Value() => new(_random.Next(1, 10) * 1_000_000);

    private async Task<Script> Script() => _random.Next(3) == 0 ? TestChain.Stranger : await Alice.NewScript();

    private async Task Receive(Transaction? tx)
    {
        if (tx is null)
        {
            return;
        }

        _ever.Add(tx);
        var taken = _mempool.SelectMany(other => other.Inputs).Select(input => input.PreviousOutput).ToHashSet();
        if (!tx.Inputs.Any(input => taken.Contains(input.PreviousOutput)))
        {
            _mempool.Add(tx);
            await Alice.Mempool(tx);
        }
    }

    // Of any output ever seen, so that payments contradict each other.
    private async Task<Transaction?> Spend()
    {
        var candidates = _ever.Where(tx => !tx.IsCoinBase).ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        var parent = candidates[_random.Next(candidates.Count)];
        var index = _random.Next(parent.Outputs.Length);
        return TestChain.Pay(
            new OutPoint(parent.Txid, (uint)index), (await Script(), parent.Outputs[index].Value - new Amount(1000)));
    }

    public async Task Mine(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = $"block{_blocks++}";
            var block = _chain.Mine(name, Tip, _random.Next(4) == 0 ? await Alice.NewScript() : null, Pick());
            Chain.Add(block);
            Names[block.Height] = name;
            Tip = name;
            await Alice.Connect(block);
            var mined = Block(block);
            var spent = mined.SelectMany(tx => tx.Inputs).Select(input => input.PreviousOutput).ToHashSet();
            _mempool.RemoveAll(tx => tx.Inputs.Any(input => spent.Contains(input.PreviousOutput)));
        }
    }

    // Some of what was ever seen, consistent with the chain so far; often not what the mempool has.
    private Transaction[] Pick()
    {
        var made = Chain.SelectMany(Block).ToList();
        var confirmed = made.Select(tx => tx.Txid).ToHashSet();
        var spent = made.SelectMany(tx => tx.Inputs).Select(input => input.PreviousOutput).ToHashSet();
        var known = _ever.Select(tx => tx.Txid).ToHashSet();
        var picked = new List<Transaction>();
        foreach (var tx in _ever)
        {
            var parents = tx.Inputs.Select(static input => input.PreviousOutput).ToList();
            if (!confirmed.Contains(tx.Txid)
                && parents.TrueForAll(parent => !spent.Contains(parent) && (confirmed.Contains(parent.Txid) || !known.Contains(parent.Txid)))
                && _random.Next(3) == 0)
            {
                picked.Add(tx);
                spent.UnionWith(parents);
                confirmed.Add(tx.Txid);
            }
        }

        return [.. picked];
    }

    // InstantSend may lock what the wallet has, and what it never hears of.
    private async Task Lock()
    {
        if (_ever.Count > 0)
        {
            var txid = _ever[_random.Next(_ever.Count)].Txid;
            using var view = Alice.OpenView();
            if (view.NewestFirst().Any(tx => tx.Txid == txid))
            {
                Locked.Add(txid);
            }

            await Alice.LockAsync([txid], Finality.InstantSend, Ct);
        }
    }

    private async Task LockChain()
    {
        ChainLock = _random.Next(ChainLock, Chain[^1].Height + 1);
        await Alice.LockChainAsync(ChainLock, Ct);
        await Alice.LockChainAsync(_random.Next(ChainLock + 1), Ct); // an older one says nothing new
    }

    private async Task Abandon()
    {
        var waiting = Alice.Snapshot.Pending.Values.Where(static pending => pending.Tx.State is TxState.Inactive && !pending.Tx.IsInstantLocked).Select(static pending => pending.Tx.Txid).ToList();
        if (waiting.Count > 0)
        {
            var first = waiting[_random.Next(waiting.Count)];
            var before = Alice.Snapshot.Pending.Values.Select(static pending => pending.Tx).ToList();
            await Alice.AbandonAsync(first, Ct);

            // With it goes whatever waits and builds on it.
            HashSet<Txid> gone = [first];
            while (before.Any(tx => tx.Tx.Inputs.Any(input => gone.Contains(input.PreviousOutput.Txid)) && gone.Add(tx.Txid)))
            {
            }

            Assert.DoesNotContain(Alice.Snapshot.Pending.Select(static pending => pending.Key), gone.Contains);
        }
    }

    // News twice, and news of the mempool after the block's.
    private async Task Replay()
    {
        await Alice.Connect([.. Chain.TakeLast(_random.Next(1, 6))]);
        foreach (var tx in _mempool.Concat(Chain.TakeLast(2).SelectMany(Block)).Where(static tx => !tx.IsCoinBase).ToList())
        {
            await Alice.Mempool(tx);
        }

        await Alice.SetMempoolAsync([.. _mempool], Ct);
        await Alice.RescanAsync([.. Chain.Skip(_random.Next(Chain.Count))], null, Ct);
    }

    private async Task Reorganise()
    {
        var height = Math.Max(ChainLock, Chain[^1].Height - _random.Next(1, 4));
        Chain.RemoveAll(block => block.Height > height);
        Tip = Names[height];
        await Alice.DisconnectToAsync(Chain[^1].Point, Chain[^1].Time, Ct);
        await Mine(_random.Next(1, 5));
    }

    private static Transaction[] Block(BlockFacts block)
    {
        var found = new List<Transaction>();
        var scanner = new Dash.Primitives.Blocks.BlockScanner(block.Data.Span);
        while (scanner.MoveNext())
        {
            found.Add(Transaction.Parse(scanner.Current.Bytes));
        }

        return [.. found];
    }
}
