using Dash.Functional.Framework;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Functional.Tests;

/// <summary>
/// What light clients get of a block by their bloom filters, also of special transactions: the same bytes from dash-node as from
/// dashd. Runs where the environment variable DASHD names a dashd.
/// </summary>
public sealed class DashCoreFilterTests
{
    private const int FirstWithLocks = 432;

    private static readonly Script Redeem = new([(byte)Opcode.Op1]);
    private static readonly Script Pay = ScriptTemplates.PayToScriptHash(Redeem);
    private static readonly byte[] Credited = [.. Enumerable.Range(1, 20).Select(static i => (byte)i)];
    private static readonly byte[] Paid = [.. Enumerable.Range(101, 20).Select(static i => (byte)i)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Filtered_blocks_are_those_of_dash_core()
    {
        await using var pair = await DashCorePair.StartAsync("v1");
        var rpc = pair.Theirs.Rpc;
        await rpc.CallAsync("generatetodescriptor", FirstWithLocks + 10, DashCorePair.Anyone);

        // A payment, one that spends it, one to the credit pool, one to a key's hash: over two blocks.
        var first = await SendAsync(pair, new Transaction([await CoinAsync(pair, 1)], [new TxOut(new Amount(Amount.OneDash.Duffs), Pay)]));
        var credit = new TxOut(new Amount(Amount.OneDash.Duffs), ScriptTemplates.PayToPubKeyHash(new Hash160(Credited)));
        var burn = credit with { ScriptPubKey = new Script([(byte)Opcode.Return, 0]) };
        var locked = await SendAsync(pair, new Transaction(
            Transaction.SpecialVersion, TransactionType.AssetLock, [await CoinAsync(pair, 2)], [burn], extraPayload: new AssetLock(AssetLock.CurrentVersion, [credit]).ToBytes()));
        await rpc.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        var unlock = new ScriptBuilder().Push([(byte)Opcode.Op1]).Build();
        var second = await SendAsync(pair, new Transaction(
            [new TxIn(new OutPoint(first.Txid, 0), unlock, TxIn.FinalSequence)],
            [new TxOut(new Amount(Amount.OneDash.Duffs / 2), ScriptTemplates.PayToPubKeyHash(new Hash160(Paid)))]));
        await rpc.CallAsync("generatetodescriptor", 1, DashCorePair.Anyone);
        await pair.ConnectAsync();
        await pair.AgreeAsync(FirstWithLocks + 12);

        var scriptHash = Pay.Span[2..22].ToArray();
        var matched = 0;
        foreach (var update in Enum.GetValues<BloomUpdate>())
        {
            foreach (byte[][] elements in (byte[][][])
                [[], [Bytes(first.Txid)], [Bytes(locked.Txid)], [Credited], [Paid], [scriptHash], [Outpoint(first.Txid)], [[(byte)Opcode.Op1]], [Credited, scriptHash]])
            {
                foreach (var size in (int[])[1, 10, 10_000])
                {
                    var filter = FilterOf(size, elements, update);
                    var theirs = await AskAsync(pair.TheirPort, rpc, filter);
                    Assert.Equal(theirs, await AskAsync(pair.OurPort, rpc, filter));
                    matched += theirs.Count(static line => line.StartsWith("tx ", StringComparison.Ordinal));
                }
            }
        }

        Assert.Contains(await AskAsync(pair.OurPort, rpc, FilterOf(10_000, [Credited], BloomUpdate.All)), line => line.EndsWith(Convert.ToHexString(locked.ToBytes()), StringComparison.Ordinal));
        var learnt = await AskAsync(pair.OurPort, rpc, FilterOf(10_000, [scriptHash], BloomUpdate.All));
        var unlearnt = await AskAsync(pair.OurPort, rpc, FilterOf(10_000, [Bytes(first.Txid)], BloomUpdate.None));
        Assert.Contains("tx " + Convert.ToHexString(second.ToBytes()), learnt);
        Assert.DoesNotContain("tx " + Convert.ToHexString(second.ToBytes()), unlearnt);
        Assert.True(matched > 50, $"only {matched} transactions matched");
    }

    private static async Task<TxIn> CoinAsync(DashCorePair pair, int height)
    {
        var block = await pair.Theirs.Rpc.CallAsync("getblock", await pair.Theirs.Rpc.TextAsync("getblockhash", height), 1);
        return new TxIn(new OutPoint(Txid.Parse(block.GetProperty("tx")[0].GetString()!), 0), Script.Empty, TxIn.FinalSequence);
    }

    // The rest of a coin is the fee.
    private static async Task<Transaction> SendAsync(DashCorePair pair, Transaction transaction)
    {
        Assert.Equal(transaction.Txid.ToString(), await pair.Theirs.Rpc.TextAsync("sendrawtransaction", Convert.ToHexStringLower(transaction.ToBytes()), 0));
        return transaction;
    }

    private static byte[] FilterOf(int size, byte[][] elements, BloomUpdate update)
    {
        BloomFilter filter = new(size, 0.0001, tweak: 7, update);
        foreach (var element in elements)
        {
            filter.Add(element);
        }

        ByteWriter writer = new();
        filter.Write(writer);
        return writer.ToArray();
    }

    // The last two blocks and the first, by the filter, as one connection learns.
    private static async Task<List<string>> AskAsync(int port, RpcConnection rpc, byte[] filter)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        using var peer = await RawPeer.GreetAsync(port, patience.Token);
        await peer.SendAsync("filterload", filter, patience.Token);
        List<string> heard = [];
        foreach (var height in (int[])[FirstWithLocks + 11, FirstWithLocks + 12, 1])
        {
            var hash = Convert.FromHexString(await rpc.TextAsync("getblockhash", height)).Reverse();
            await peer.SendAsync("getdata", (byte[])[1, 3, 0, 0, 0, .. hash], patience.Token);
            heard.AddRange((await peer.HearAsync(patience.Token))
                .Where(static message => message.Type is "merkleblock" or "tx" or "")
                .Select(static message => $"{message.Type} {Convert.ToHexString(message.Payload)}"));
        }

        Assert.DoesNotContain(" ", heard);
        return heard;
    }

    private static byte[] Bytes(Txid txid) => [.. Convert.FromHexString(txid.ToString()).Reverse()];

    private static byte[] Outpoint(Txid txid) => [.. Bytes(txid), 0, 0, 0, 0];
}
