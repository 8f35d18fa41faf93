using System.Collections.Concurrent;
using System.Globalization;

namespace Dash.Functional.Framework;

/// <summary>
/// Payments from wallet to wallet, each under a key of its own and to an address of its own, which may be asked for again and
/// again: whatever became of the daemon meanwhile, the chain has each of them once. Any thread.
/// </summary>
/// <param name="wallets">Where wallets are called.</param>
/// <param name="names">The wallets.</param>
/// <param name="encrypted">The one of them that may not always sign.</param>
/// <param name="record">Takes what was told.</param>
public sealed class KeyedPayments(RpcConnection wallets, string[] names, string encrypted, CallRecord record)
{
    private const int Tries = 3;

    // The last one has a PSBT for who may not sign.
    private static readonly string[] Methods = ["sendtoaddress", "sendmany", "send"];

    private readonly ConcurrentDictionary<string, Payment> _asked = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Payments that were answered.</summary>
    public int Answered => _asked.Values.Count(static payment => payment.Txid is not null);

    /// <summary>Those that were not, and may or may not have been made.</summary>
    public int Unanswered => _asked.Count - Answered;

    /// <summary>The transactions of a wallet's answered payments.</summary>
    public IEnumerable<string> Of(string wallet) =>
        _asked.Values.Where(payment => payment.From == wallet && payment.Txid is not null).Select(static payment => payment.Txid!);

    /// <summary>A new payment, asked for a few times; now and then twice at once.</summary>
    public async Task PayAsync(Random random)
    {
        var to = wallets.Wallet(names[random.Next(names.Length)]);
        var from = random.Next(names.Length);
        Payment payment = new(
            "payment-" + Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture),
            names[from],
            Methods[random.Next(Methods.Length - (names[from] == encrypted ? 1 : 0))],
            await to.TextAsync("getnewaddress"),
            random.Next(100_000, 300_000_000) / 100_000_000m);
        Assert.True(_asked.TryAdd(payment.Address, payment), payment.Address + " was given out twice");
        var atOnce = random.Next(6) == 0 ? 2 : 1;
        for (var i = 0; i < Tries && payment.Txid is null; i++)
        {
            if (i > 0) await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 200)), TimeProvider.System, CancellationToken.None);
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => record.TryAsync("payments", () => AskAsync(payment))));
        }
    }

    /// <summary>Asks again for one of those that were answered: it has the same answer.</summary>
    public async Task RepeatAsync(Random random)
    {
        var answered = _asked.Values.Where(static payment => payment.Txid is not null).ToList();
        if (answered.Count > 0) await AskAsync(answered[random.Next(answered.Count)]);
    }

    /// <summary>Asks again for each that was not answered, until it is.</summary>
    /// <param name="mineAsync">Makes coins that can be spent again.</param>
    /// <param name="detail">For failures.</param>
    public async Task RetryAsync(Func<Task> mineAsync, Func<string> detail)
    {
        foreach (var payment in _asked.Values.Where(static payment => payment.Txid is null))
        {
            await Wait.Until($"{payment} is answered", async () =>
            {
                if (await record.TryAsync("payments asked for again", () => AskAsync(payment))) return true;
                await mineAsync();
                return false;
            }, detail);
        }
    }

    /// <summary>The chain pays each address once, with the amount asked for, in the transaction that was answered.</summary>
    public async Task ShouldBeMinedOnceAsync(TestNode node)
    {
        var paid = await PaidAsync(node);
        List<string> wrong = [];
        foreach (var payment in _asked.Values)
        {
            var found = paid.GetValueOrDefault(payment.Address) ?? [];
            if (found is not [var only] || only.Txid != payment.Txid || only.Amount != payment.Amount)
            {
                wrong.Add($"{payment}: on the chain {(found.Count == 0 ? "not at all" : string.Join(", ", found))}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {_asked.Count} payments are not what was answered:\n" + string.Join('\n', wrong.Take(20)));
    }

    // All outputs of the active chain, by address.
    private static async Task<Dictionary<string, List<(string Txid, decimal Amount)>>> PaidAsync(TestNode node)
    {
        Dictionary<string, List<(string Txid, decimal Amount)>> paid = new(StringComparer.Ordinal);
        for (var hash = await node.Rpc.TextAsync("getblockhash", 1); hash.Length > 0;)
        {
            var block = await node.Rpc.CallAsync("getblock", hash, 2);
            foreach (var tx in block.GetProperty("tx").EnumerateArray())
            {
                foreach (var output in tx.GetProperty("vout").EnumerateArray())
                {
                    if (output.GetProperty("scriptPubKey").TryGetProperty("address", out var address))
                    {
                        var entry = (tx.GetProperty("txid").GetString()!, output.GetProperty("value").GetDecimal());
                        if (!paid.TryAdd(address.GetString()!, [entry])) paid[address.GetString()!].Add(entry);
                    }
                }
            }

            hash = block.TryGetProperty("nextblockhash", out var next) ? next.GetString()! : "";
        }

        return paid;
    }

    private async Task AskAsync(Payment payment)
    {
        var wallet = wallets.Wallet(payment.From).WithMember("idempotency_key", payment.Key);
        Dictionary<string, object?> outputs = new() { [payment.Address] = payment.Amount };
        var txid = payment.Method switch
        {
            "sendmany" => await wallet.TextAsync("sendmany", "", outputs),
            "send" => (await wallet.CallAsync("send", outputs)).GetProperty("txid").GetString()!,
            _ => await wallet.TextAsync("sendtoaddress", payment.Address, payment.Amount),
        };
        if (payment.Answer(txid) is { } before && before != txid)
        {
            record.Violated($"{payment} was answered with {before}, and now with {txid}");
        }
    }

    /// <summary>One payment, and the transaction that it was answered with, if it was.</summary>
    private sealed class Payment(string key, string from, string method, string address, decimal amount)
    {
        private string? _txid;

        public string Key => key;

        public string From => from;

        public string Method => method;

        public string Address => address;

        public decimal Amount => amount;

        public string? Txid => Volatile.Read(ref _txid);

        /// <summary>The first answer stays; what was answered before, if anything.</summary>
        public string? Answer(string txid) => Interlocked.CompareExchange(ref _txid, txid, null);

        public override string ToString() => $"{key} ({method} of {amount} from {from} to {address}, answered {Txid ?? "with nothing"})";
    }
}
