using System.Collections.Immutable;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Functional.Framework;

/// <summary>
/// Blocks full of payments that need no wallet: all coins are paid to a script that anyone can satisfy. Made by a node of its
/// own, which also says how the coins are after each block.
/// </summary>
public sealed class AnyoneChain(TestNode maker, int seed)
{
    // The redeem script that is just true, pushed by who spends.
    private static readonly Script Redeem = new([(byte)Opcode.Op1]);
    private static readonly Script Unlock = new ScriptBuilder().Push([(byte)Opcode.Op1]).Build();

    /// <summary>What pays to anyone.</summary>
    public static readonly Script Pay = ScriptTemplates.PayToScriptHash(Redeem);

    /// <summary>Its address.</summary>
    public static readonly string Address = AddressCodec.Encode(Destination.FromScript(Pay), ChainParams.Regtest.Prefixes);

    private readonly Random _random = new(seed);
    private long _time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 200_000;
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly List<string> _blocks = [];
    private readonly List<string> _chain = [];

    /// <summary>All blocks in the order they were made, in hex; branches that were given up among them.</summary>
    public IReadOnlyList<string> Blocks => _blocks;

    /// <summary>Spends a coin of anyone's.</summary>
    public static Transaction Spend(OutPoint coin, ImmutableArray<TxOut> outputs) => new([new TxIn(coin, Unlock, TxIn.FinalSequence)], outputs, lockTime: 0);

    /// <summary>The hash of all unspent coins after a block.</summary>
    public string CoinsAfter(string block) => _hashes[block];

    /// <summary>The first 110 blocks, then steps, each one to four blocks or another branch instead of the last up to ten.</summary>
    public async Task MakeAsync(int steps, int outputs)
    {
        await MineAsync(110);
        for (var step = 0; step < steps; step++)
        {
            if (_random.Next(3) == 0)
            {
                var depth = _random.Next(1, 11);
                await maker.Rpc.CallAsync("invalidateblock", _chain[^depth]);
                _chain.RemoveRange(_chain.Count - depth, depth);
                await SpendAsync(depth + 1, outputs);
            }
            else
            {
                await SpendAsync(_random.Next(1, 5), outputs);
            }
        }
    }

    private async Task MineAsync(int count)
    {
        await PassTimeAsync();
        var mined = await maker.Rpc.CallAsync("generatetoaddress", count, Address);
        foreach (var block in mined.EnumerateArray()) await RememberAsync(block.GetString()!, withCoins: block.Equals(mined[count - 1]));
    }

    // Each block spends what it finds unspent of an old coinbase into many outputs, and some of those of a block before.
    private async Task SpendAsync(int blocks, int outputs)
    {
        for (var i = 0; i < blocks; i++)
        {
            var height = await maker.Rpc.IntAsync("getblockcount");
            List<string> transactions = [];
            for (var tries = 0; tries < 3; tries++)
            {
                var old = await maker.Rpc.CallAsync("getblock", _chain[_random.Next(0, height - 100)], 1);
                var ids = old.GetProperty("tx").EnumerateArray().Select(id => id.GetString()!).ToArray();
                if (await TrySpendAsync(ids[_random.Next(ids.Length)], outputs) is { } spend && !transactions.Contains(spend)) transactions.Add(spend);
            }

            await PassTimeAsync();
            var made = await maker.Rpc.CallAsync("generateblock", Address, transactions.Distinct().ToArray());
            await RememberAsync(made.GetProperty("hash").GetString()!, withCoins: true);
        }
    }

    // No two blocks are the same, also after one was given up.
    private async Task PassTimeAsync() => await maker.Rpc.CallAsync("setmocktime", _time += 60);

    private async Task<string?> TrySpendAsync(string txid, int outputs)
    {
        var number = _random.Next(0, 3);
        var coin = await maker.Rpc.CallAsync("gettxout", txid, number, false);
        if (coin.ValueKind == JsonValueKind.Null || coin.GetProperty("scriptPubKey").GetProperty("hex").GetString() != Pay.ToHex()) return null;
        var each = new Amount((long)(coin.GetProperty("value").GetDecimal() * Amount.OneDash.Duffs) / (outputs + 1));
        var spend = Spend(new OutPoint(Txid.Parse(txid), (uint)number), [.. Enumerable.Repeat(new TxOut(each, Pay), outputs)]);
        return Convert.ToHexStringLower(spend.ToBytes());
    }

    private async Task RememberAsync(string block, bool withCoins)
    {
        _chain.Add(block);
        _blocks.Add(await maker.Rpc.TextAsync("getblock", block, 0));
        if (!withCoins) return;
        _hashes[block] = (await maker.Rpc.CallAsync("gettxoutsetinfo", "muhash")).GetProperty("muhash").GetString()!;
    }
}
