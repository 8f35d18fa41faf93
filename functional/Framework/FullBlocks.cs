using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Functional.Framework;

/// <summary>Blocks with many payments to one address, each a transaction of its own: out of coins that anyone can spend.</summary>
public sealed class FullBlocks(TestNode node, Script to)
{
    private const int CoinsOfTransaction = 2_500;
    private const int Maturity = 100;

    private readonly Queue<OutPoint> _coins = new();
    private Amount _each;

    /// <summary>Makes the coins for so many payments.</summary>
    public async Task PrepareAsync(int payments)
    {
        var splits = (payments + CoinsOfTransaction - 1) / CoinsOfTransaction;
        var mined = (await node.Rpc.CallAsync("generatetoaddress", splits, AnyoneChain.Address)).EnumerateArray().Select(static hash => hash.GetString()!).ToList();
        await node.MineAsync(Maturity, AnyoneChain.Address);
        foreach (var block in mined)
        {
            var coinbase = (await node.Rpc.CallAsync("getblock", block, 2)).GetProperty("tx")[0];
            var (value, place) = coinbase.GetProperty("vout").EnumerateArray()
                .Where(static output => output.GetProperty("scriptPubKey").GetProperty("hex").GetString() == AnyoneChain.Pay.ToHex())
                .Select(static output => (output.GetProperty("value").GetDecimal(), output.GetProperty("n").GetUInt32())).MaxBy(static coin => coin.Item1);
            var each = new Amount((long)(value * Amount.OneDash.Duffs) / CoinsOfTransaction);
            _each = _coins.Count == 0 || each < _each ? each : _each;
            var split = AnyoneChain.Spend(
                new OutPoint(Txid.Parse(coinbase.GetProperty("txid").GetString()!), place), [.. Enumerable.Repeat(new TxOut(each, AnyoneChain.Pay), CoinsOfTransaction)]);
            await node.Rpc.CallAsync("generateblock", AnyoneChain.Address, new[] { Convert.ToHexStringLower(split.ToBytes()) });
            for (var i = 0u; i < CoinsOfTransaction; i++) _coins.Enqueue(new OutPoint(split.Txid, i));
        }
    }

    /// <summary>One block with so many payments, or with what is left.</summary>
    /// <returns>The payments.</returns>
    public async Task<IReadOnlyList<Txid>> MineAsync(int payments)
    {
        List<Transaction> paid = [];
        while (paid.Count < payments && _coins.TryDequeue(out var coin))
        {
            paid.Add(AnyoneChain.Spend(coin, [new TxOut(_each, to)]));
        }

        await node.Rpc.CallAsync("generateblock", AnyoneChain.Address, paid.Select(static tx => Convert.ToHexStringLower(tx.ToBytes())).ToArray());
        return [.. paid.Select(static tx => tx.Txid)];
    }
}
