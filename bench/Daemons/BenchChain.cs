using System.Text.Json;
using Dash.Bench.Differential;
using Dash.Bench.Wallets;
using Dash.Primitives.Addresses;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Bench.Daemons;

/// <summary>Makes chains of regtest to measure on: all is paid to one key.</summary>
internal static class BenchChain
{
    /// <summary>Where all is paid to.</summary>
    public static string Address => Key.Address;

    /// <summary>Mines blocks without payments, a thousand at once.</summary>
    public static async Task MakeLongAsync(MeasuredDaemon daemon, int blocks)
    {
        for (var height = 0; height < blocks; height += 1000)
        {
            await daemon.CallAsync("/", "generatetoaddress", $"[1000,\"{Key.Address}\"]");
        }
    }

    /// <summary>On a new chain: coinbases are spread over many coins; then all coins are paid on, one by one, again and again.</summary>
    /// <param name="daemon">Makes the blocks.</param>
    /// <param name="fans">How many coinbases, and into how many coins each.</param>
    /// <param name="rounds">How often each coin is paid on.</param>
    /// <param name="paymentsABlock">Payments of a block.</param>
    public static async Task MakeBusyAsync(MeasuredDaemon daemon, int fans, int rounds, int paymentsABlock)
    {
        await daemon.CallAsync("/", "generatetoaddress", $"[{fans + 100},\"{Key.Address}\"]");
        List<(OutPoint OutPoint, Amount Value)> coins = [];
        List<Transaction> spreads = [];
        for (var height = 1; height <= fans; height++)
        {
            var hash = (await daemon.CallAsync("/", "getblockhash", $"[{height}]")).GetString();
            var coinbase = (await daemon.CallAsync("/", "getblock", $"[\"{hash}\",2]")).GetProperty("tx")[0];
            var value = new Amount((long)(coinbase.GetProperty("vout")[0].GetProperty("value").GetDecimal() * Amount.OneDash.Duffs));
            var txid = Txid.Parse(coinbase.GetProperty("txid").GetString()!);
            spreads.Add(Key.Pay(new OutPoint(txid, 0), value / (fans + 1), fans));
        }

        await MineAsync(daemon, spreads);
        coins.AddRange(spreads.SelectMany(static fan => fan.Outputs.Select((output, i) => (new OutPoint(fan.Txid, (uint)i), output.Value))));
        for (var round = 0; round < rounds; round++)
        {
            var payments = coins.AsParallel().AsOrdered().Select(static coin => Key.Pay(coin.OutPoint, coin.Value - new Amount(1000), 1)).ToList();
            foreach (var block in payments.Chunk(paymentsABlock))
            {
                await MineAsync(daemon, block);
            }

            coins = [.. payments.Select(static payment => (new OutPoint(payment.Txid, 0), payment.Outputs[0].Value))];
        }
    }

    // A finished block: the node checks it once, and nothing goes through the mempool.
    private static async Task MineAsync(MeasuredDaemon daemon, IReadOnlyList<Transaction> transactions)
    {
        var template = await daemon.CallAsync("/", "getblocktemplate", "[]");
        var block = new RandomBlocks(new Random(1), Key.Script).Make(template, transactions, isGood: true, out _);
        var answer = await daemon.CallAsync("/", "submitblock", $"[\"{Convert.ToHexStringLower(block.ToBytes())}\"]");
        if (answer.ValueKind != JsonValueKind.Null)
        {
            throw new InvalidOperationException("submitblock: " + answer);
        }
    }

    // One key that everything is paid to.
    private static class Key
    {
        private static readonly PrivateKey Secret = PrivateKey.FromBytes([.. Enumerable.Repeat((byte)9, 32)]);
        public static readonly Script Script = ScriptTemplates.PayToPubKeyHash(Secret.PublicKey.Id);

        public static readonly string Address = AddressCodec.Encode(Destination.FromScript(Script), ChainParams.Regtest.Prefixes);

        public static Transaction Pay(OutPoint from, Amount each, int outputs)
        {
            var unsigned = new Transaction(
                [new TxIn(from, Script.Empty, TxIn.FinalSequence)], [.. Enumerable.Repeat(new TxOut(each, Script), outputs)], lockTime: 0);
            return unsigned with { Inputs = [unsigned.Inputs[0] with { ScriptSig = TestKeys.Sign(unsigned, 0, Script, Secret) }] };
        }
    }
}
