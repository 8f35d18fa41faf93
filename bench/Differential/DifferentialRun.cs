using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Bench.Differential;

/// <summary>
/// A long random run that tells dash-node and dashd (environment variable DASHD) the same over JSON-RPC: blocks and
/// transactions, right and wrong, in any order, and reorganisations up to 100 blocks deep. Both must give the same verdict
/// with the same reason each time, and have the same tip, mempool and coins. The seed makes a run repeatable.
/// </summary>
internal sealed class DifferentialRun : IDisposable
{
    private const long StartTime = 1_700_000_000;
    private const int Spacing = 150;
    private const int FirstBlocks = 460; // beyond the heights of all rules of regtest
    private const int DeepestReorganisation = 100;
    private const int BetweenCounts = 50;
    private const int MostDifferences = 20;

    private readonly Random _random;
    private readonly NodePair _nodes;
    private readonly PrivateKey _key;
    private readonly Script _script;
    private readonly RandomTransactions _transactions;
    private readonly RandomBlocks _blocks;
    private readonly Dictionary<OutPoint, Coin> _coins = [];
    private readonly Dictionary<string, int> _done = [];
    private long _time = StartTime;

    private DifferentialRun(int seed, NodePair nodes)
    {
        _random = new Random(seed);
        _nodes = nodes;
        var secret = new byte[PrivateKey.Size];
        secret.AsSpan().Fill(7);
        _key = PrivateKey.FromBytes(secret);
        _script = ScriptTemplates.PayToPubKeyHash(_key.PublicKey.Id);
        _transactions = new RandomTransactions(_random, _key, _script);
        _blocks = new RandomBlocks(_random, _script);
    }

    /// <summary>Runs so many steps.</summary>
    /// <returns>The exit code: 0 when both always agreed.</returns>
    public static async Task<int> RunAsync(string stepsText, string seedText, TextWriter output)
    {
        if (!int.TryParse(stepsText, CultureInfo.InvariantCulture, out var steps)
            || !int.TryParse(seedText, CultureInfo.InvariantCulture, out var seed)
            || Programs.Dashd is not { } dashd)
        {
            output.WriteLine("DASHD=<path of dashd> … differential <steps> <seed>");
            return 2;
        }

        var root = Directory.CreateTempSubdirectory("dash-differential-").FullName;
        try
        {
            await using var nodes = await NodePair.StartAsync(root, dashd, StartTime);
            using DifferentialRun run = new(seed, nodes);
            return await run.RunAsync(steps, output);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private async Task<int> RunAsync(int steps, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < FirstBlocks; i++)
        {
            await MineAsync(isGood: true);
        }

        for (var step = 0; step < steps && _nodes.Differences.Count < MostDifferences; step++)
        {
            await StepAsync();
            if (step % BetweenCounts == 0)
            {
                await CompareStateAsync(withCoins: true);
            }
        }

        await CompareStateAsync(withCoins: true);
        foreach (var difference in _nodes.Differences)
        {
            output.WriteLine(difference + "\n");
        }

        foreach (var (what, count) in _done.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7} {what}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_nodes.Compared} answers compared in {watch.Elapsed.TotalSeconds:F0} s, {_nodes.Differences.Count} differ"));
        return _nodes.Differences.Count == 0 ? 0 : 1;
    }

    private Task StepAsync() => _random.Next(100) switch
    {
        < 55 => SendAsync(),
        < 62 => TestPackageAsync(),
        < 80 => MineAsync(isGood: true),
        < 90 => MineAsync(isGood: false),
        < 92 => SendRubbishAsync(),
        < 94 => BranchAsync(),
        < 95 => PrioritiseAsync(),
        _ => ReorganiseAsync(),
    };

    private async Task SendAsync()
    {
        var transaction = NewTransaction(isGood: _random.Next(100) < 65, out var what);
        Note("transaction: " + what);
        var hex = Hex.Encode(transaction.ToBytes());
        await _nodes.AskAsync("testmempoolaccept", $"[[\"{hex}\"],0]", what);
        var sent = await _nodes.AskAsync("sendrawtransaction", $"[\"{hex}\",0]", what);
        if (sent is not null)
        {
            Learn(transaction);
        }
    }

    // A chain of a few, in their order or not.
    private async Task TestPackageAsync()
    {
        Note("package");
        List<Transaction> package = [NewTransaction(isGood: true, out _)];
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var parents = package.FindAll(static one => one.Outputs.Length > 0);
            if (parents.Count == 0)
            {
                break;
            }

            var parent = parents[_random.Next(parents.Count)];
            var coin = new Coin(new OutPoint(parent.Txid, (uint)_random.Next(parent.Outputs.Length)), parent.Outputs[0]);
            package.Add(_transactions.Make([coin], isGood: _random.Next(4) > 0, out _));
        }

        if (_random.Next(4) == 0)
        {
            package.Reverse();
        }

        var hexes = string.Join(',', package.Select(static one => $"\"{Hex.Encode(one.ToBytes())}\""));
        await _nodes.AskAsync("testmempoolaccept", $"[[{hexes}],0]");
        if (_random.Next(2) == 0 && await _nodes.AskAsync("submitpackage", $"[[{hexes}]]") is not null)
        {
            package.ForEach(Learn);
        }
    }

    private async Task PrioritiseAsync()
    {
        var pool = (await _nodes.AskTheirsAsync("getrawmempool", "[]")).EnumerateArray().ToArray();
        if (pool.Length > 0)
        {
            Note("prioritise");
            var id = pool[_random.Next(pool.Length)].GetString();
            await _nodes.AskAsync("prioritisetransaction", string.Create(CultureInfo.InvariantCulture, $"[\"{id}\",{_random.Next(-5_000, 50_000)}]"));
        }
    }

    private async Task MineAsync(bool isGood)
    {
        await AdvanceAsync();

        // Both templates must do; whose is used changes.
        var template = await _nodes.AskTheirsAsync("getblocktemplate", "[]");
        var extra = !isGood && _random.Next(2) == 0 ? [NewTransaction(_random.Next(2) == 0, out _)] : Array.Empty<Transaction>();
        var block = _blocks.Make(template, extra, isGood, out var what);
        Note("block: " + what);
        var hex = Hex.Encode(block.ToBytes());
        if (_random.Next(4) == 0)
        {
            await _nodes.AskAsync("getblocktemplate", $"[{{\"mode\":\"proposal\",\"data\":\"{hex}\"}}]", what);
        }

        if (_random.Next(10) == 0)
        {
            await _nodes.AskAsync("submitheader", $"[\"{Hex.Encode(block.Header.ToBytes())}\"]", what);
        }

        var verdict = await _nodes.AskAsync("submitblock", $"[\"{hex}\"]", what);
        if (verdict is { ValueKind: JsonValueKind.Null })
        {
            LearnBlock(block, template.GetProperty("height").GetInt32());
        }

        if (_random.Next(20) == 0)
        {
            await _nodes.AskAsync("submitblock", $"[\"{hex}\"]", what + " again");
        }

        await _nodes.AskAsync("getbestblockhash", "[]");
    }

    // Leaves some blocks, makes others, and lets both chains compete.
    private async Task ReorganiseAsync()
    {
        var height = (await _nodes.AskTheirsAsync("getblockcount", "[]")).GetInt32();
        var depth = _random.Next(4) == 0 ? _random.Next(1, DeepestReorganisation + 1) : _random.Next(1, 6);
        var left = await _nodes.AskTheirsAsync("getblockhash", string.Create(CultureInfo.InvariantCulture, $"[{height - depth + 1}]"));
        Note("reorganisation");
        await _nodes.AskAsync("invalidateblock", $"[\"{left.GetString()}\"]");
        await CompareStateAsync(withCoins: false);
        var length = _random.Next(0, depth + 2);
        for (var i = 0; i < length; i++)
        {
            await MineAsync(isGood: true);
        }

        if (_random.Next(3) > 0)
        {
            await _nodes.AskAsync("reconsiderblock", $"[\"{left.GetString()}\"]");
        }

        await _nodes.CompareSetsAsync("getchaintips", "[]"); // tips of one height come in the order of dashd's memory
        await CompareStateAsync(withCoins: true);
    }

    // Blocks of one branch in any order, headers among them, and then the whole of it in its order.
    private async Task BranchAsync()
    {
        Note("branch out of order");
        await AdvanceAsync();
        var depth = _random.Next(0, 4);
        var height = (await _nodes.AskTheirsAsync("getblockcount", "[]")).GetInt32() - depth;
        var template = await _nodes.AskTheirsAsync("getblocktemplate", "[]");
        var root = await _nodes.AskTheirsAsync("getblockhash", string.Create(CultureInfo.InvariantCulture, $"[{height}]"));
        List<string> branch = [];
        var previous = BlockHash.Parse(root.GetString()!); // it is a text
        for (var length = _random.Next(2, 8); length > 0; length--)
        {
            var block = _blocks.MakeEmpty(template, previous, ++height, isGood: _random.Next(12) > 0);
            branch.Add(Hex.Encode(block.ToBytes()));
            previous = block.Header.Hash;
        }

        foreach (var one in branch.OrderBy(_ => _random.Next()).ToList())
        {
            var isHeader = _random.Next(3) == 0;
            await _nodes.AskAsync(
                isHeader ? "submitheader" : "submitblock", $"[\"{(isHeader ? one[..(2 * BlockHeader.Size)] : one)}\"]", "branch out of order");
        }

        await _nodes.CompareSetsAsync("getchaintips", "[]");
        foreach (var one in branch)
        {
            await _nodes.AskAsync("submitblock", $"[\"{one}\"]", "branch in order");
        }

        await _nodes.CompareSetsAsync("getchaintips", "[]");
        await CompareStateAsync(withCoins: false);
    }

    // Right bytes with a few changed, left out or put in.
    private async Task SendRubbishAsync()
    {
        Note("changed bytes");
        if (_random.Next(2) == 0)
        {
            var template = await _nodes.AskTheirsAsync("getblocktemplate", "[]");
            var block = _blocks.Make(template, [NewTransaction(isGood: true, out _)], isGood: true, out _);
            await _nodes.AskAsync("submitblock", $"[\"{Hex.Encode(Spoil(block.ToBytes()))}\"]", "changed bytes");
            return;
        }

        var hex = Hex.Encode(Spoil(NewTransaction(isGood: true, out _).ToBytes()));
        await _nodes.AskAsync("decoderawtransaction", $"[\"{hex}\"]", "changed bytes");
        await _nodes.AskAsync("sendrawtransaction", $"[\"{hex}\",0]", "changed bytes");
    }

    private byte[] Spoil(byte[] bytes)
    {
        List<byte> changed = [.. bytes];
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var at = _random.Next(changed.Count);
            switch (_random.Next(4))
            {
                case 0:
                    changed.RemoveAt(at);
                    break;
                case 1:
                    changed.Insert(at, (byte)_random.Next(256));
                    break;
                default:
                    changed[at] ^= (byte)(1 << _random.Next(8));
                    break;
            }
        }

        return [.. changed];
    }

    private async Task AdvanceAsync()
    {
        _time += _random.Next(1, 2 * Spacing);
        await _nodes.AskAsync("setmocktime", string.Create(CultureInfo.InvariantCulture, $"[{_time}]"));
    }

    private async Task CompareStateAsync(bool withCoins)
    {
        await _nodes.AskAsync("getbestblockhash", "[]");
        await _nodes.CompareSetsAsync("getrawmempool", "[]");
        await _nodes.CompareMembersAsync("getmempoolinfo", "[]", "size", "bytes", "total_fee", "mempoolminfee");
        if (withCoins)
        {
            await _nodes.CompareMembersAsync("gettxoutsetinfo", "[]", "height", "bestblock", "txouts", "hash_serialized_2", "total_amount");
        }
    }

    private Transaction NewTransaction(bool isGood, out string what)
    {
        // Coins that are gone, or not yet mature, are wrong in their own way.
        var known = _coins.Values.ToArray();
        var coins = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => known[_random.Next(known.Length)]).Distinct().ToArray();
        return _transactions.Make(coins, isGood, out what);
    }

    private void Learn(Transaction transaction)
    {
        foreach (var input in transaction.Inputs)
        {
            // Now and then the coin is tried again.
            if (_random.Next(10) > 0)
            {
                _coins.Remove(input.PreviousOutput);
            }
        }

        for (var i = 0; i < transaction.Outputs.Length; i++)
        {
            if (transaction.Outputs[i].ScriptPubKey == _script)
            {
                var outPoint = new OutPoint(transaction.Txid, (uint)i);
                _coins[outPoint] = new Coin(outPoint, transaction.Outputs[i]);
            }
        }
    }

    private void LearnBlock(Block block, int height)
    {
        var outPoint = new OutPoint(block.Transactions[0].Txid, 0);
        _coins[outPoint] = new Coin(outPoint, block.Transactions[0].Outputs[0], height);
    }

    private void Note(string what) => _done[what] = _done.GetValueOrDefault(what) + 1;
}
