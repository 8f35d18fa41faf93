using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>
/// The oracle of fault tests: what callers asked for and what they were answered, kept outside the daemon. It pays, gives
/// addresses and labels out, tries again under the same key whatever was not answered, and at the end compares with the wallet
/// and with the node, to the duff.
/// </summary>
public sealed class PaymentJournal(TestCluster cluster, int seed)
{
    private const int MostLocks = 12;

    private readonly ConcurrentDictionary<string, string?> _payments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _labels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _locks = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _addresses = [];
    private readonly Random _random = new(seed);
    private int _next;

    /// <summary>Payments that were answered.</summary>
    public int Answered => _payments.Values.Count(static txid => txid is not null);

    /// <summary>Payments that were asked for.</summary>
    public int Asked => _payments.Count;

    /// <summary>Addresses that were given out.</summary>
    public int Addresses => _addresses.Count;

    /// <summary>Coins that were set aside, as far as that was answered.</summary>
    public int Locks => _locks.Values.Count(static isAnswered => isAnswered);

    /// <summary>Goes on until cancelled: payments, addresses, labels, locks, as fast as they are answered; faults are borne.</summary>
    public async Task WorkAsync(string to, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                switch (_random.Next(10))
                {
                    case < 5:
                        await PayAsync(to);
                        break;
                    case < 8:
                        await NewAddressAsync();
                        break;
                    case 8:
                        await LabelAsync();
                        break;
                    default:
                        await LockAsync();
                        break;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                await PauseAsync(ct);
            }
            catch (RpcException refused) when (refused.Code is -9 or -6 or -28 or -18 or -4)
            {
                // No node, no confirmed coins left, starting, or its wallet is being loaded.
                await PauseAsync(ct);
            }
        }
    }

    /// <summary>A payment under a key of its own.</summary>
    public async Task PayAsync(string to)
    {
        var key = "payment-" + Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
        _payments.TryAdd(key, null);
        await PayAsync(key, to);
    }

    /// <summary>Asks again for everything that was not answered, until it is.</summary>
    public async Task RetryAsync(string to)
    {
        foreach (var (key, _) in _payments.Where(static payment => payment.Value is null))
        {
            await Wait.Until($"{key} is answered", async () =>
            {
                try
                {
                    await PayAsync(key, to);
                    return true;
                }
                catch (RpcException noCoins) when (noCoins.Code == -6)
                {
                    await cluster.MineAsync(1);
                    return false;
                }
            }, cluster.Wallet.LastLog);
        }
    }

    /// <summary>
    /// Each answered payment is in the wallet once, each address, label and lock is there, no address was given out twice, the
    /// event log has no gap and knows each transaction once, each coin is one of the node's, all coins are there, and a wallet of
    /// the same keys finds the same from scratch.
    /// </summary>
    public async Task VerifyAsync(string to)
    {
        await RetryAsync(to);
        await Wait.Until("nothing waits outside the mempool", async () =>
        {
            await cluster.MineAsync(1);
            var pending = (await HistoryAsync()).Where(static entry => entry.GetProperty("confirmations").GetInt32() == 0
                && entry.GetProperty("category").GetString() != "orphan"); // mined in a block that left the chain: that waits for nothing
            return !pending.Any();
        }, cluster.Wallet.LastLog);

        var answered = _payments.Values.OfType<string>().ToList();
        Assert.Equal(answered.Count, answered.Distinct(StringComparer.Ordinal).Count());
        var sent = (await HistoryAsync()).Where(static entry => entry.GetProperty("category").GetString() == "send")
            .Select(static entry => entry.GetProperty("txid").GetString()!).ToList();
        Assert.Equal(sent.Count, sent.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(answered.Order(StringComparer.Ordinal), sent.Order(StringComparer.Ordinal));

        Assert.Equal(_addresses.Count, _addresses.Distinct(StringComparer.Ordinal).Count());
        foreach (var address in _addresses)
        {
            Assert.True((await cluster.Alice.CallAsync("getaddressinfo", address)).GetProperty("ismine").GetBoolean(), address);
        }

        foreach (var (address, label) in _labels.Where(static pair => pair.Value is not null))
        {
            var labels = (await cluster.Alice.CallAsync("getaddressinfo", address)).GetProperty("labels").EnumerateArray();
            Assert.Equal(label, labels.Single().GetString());
        }

        await WalletOracle.ShouldHaveWholeLogAsync(cluster.Alice, sent);
        await VerifyLocksAsync();
        await VerifyCoinsAsync();
        await WalletOracle.ShouldEqualRescannedAsync(cluster, "alice");
    }

    // A payment that was under way when its coin was set aside spends it all the same.
    private async Task VerifyLocksAsync()
    {
        var locked = (await cluster.Alice.CallAsync("listlockunspent")).EnumerateArray()
            .Select(static coin => $"{coin.GetProperty("txid")}:{coin.GetProperty("vout")}").ToHashSet(StringComparer.Ordinal);
        foreach (var coin in _locks.Where(static coin => coin.Value).Select(static coin => coin.Key))
        {
            var place = coin.Split(':');
            var there = await cluster.Node.Rpc.CallAsync("gettxout", place[0], int.Parse(place[1], CultureInfo.InvariantCulture));
            Assert.True(there.ValueKind == JsonValueKind.Null || locked.Contains(coin), coin + " is not set aside any more");
        }

        await cluster.Alice.CallAsync("lockunspent", true);
    }

    // All coins of the chain belong to the two wallets, so the sums being equal and each coin being real is all there is.
    private async Task VerifyCoinsAsync()
    {
        await cluster.ShouldAddUp();
        var coins = (await cluster.Alice.CallAsync("listunspent", 0)).EnumerateArray().ToList();
        foreach (var coin in coins.Take(200))
        {
            var found = await cluster.Node.Rpc.CallAsync("gettxout", coin.GetProperty("txid").GetString(), coin.GetProperty("vout").GetInt32());
            Assert.Equal(coin.GetProperty("amount").GetDecimal(), found.GetProperty("value").GetDecimal());
        }
    }

    private async Task<List<JsonElement>> HistoryAsync() =>
        [.. (await cluster.Alice.CallAsync("listtransactions", "*", 1_000_000)).EnumerateArray()];

    private async Task PayAsync(string key, string to)
    {
        // Every payment has an amount of its own, so that one paid twice would show.
        var amount = 0.001m + (int.Parse(key.AsSpan("payment-".Length), CultureInfo.InvariantCulture) * 0.00000001m);
        var answer = await cluster.Alice.WithMember("idempotency_key", key).TextAsync("sendtoaddress", to, amount);
        if (_payments[key] is { } before)
        {
            Assert.Equal(before, answer);
        }

        _payments[key] = answer;
    }

    private async Task NewAddressAsync() => _addresses.Add(await cluster.Alice.TextAsync("getnewaddress"));

    private async Task LabelAsync()
    {
        // One try each: what was not answered may or may not be there.
        if (_addresses.TryPeek(out var address) && _labels.TryAdd(address, null))
        {
            var label = "label of " + address;
            await cluster.Alice.CallAsync("setlabel", address, label);
            _labels[address] = label;
        }
    }

    // Some coins, so that enough are left to pay with.
    private async Task LockAsync()
    {
        if (_locks.Count >= MostLocks || (await cluster.Alice.CallAsync("listunspent")).EnumerateArray().LastOrDefault() is not { ValueKind: JsonValueKind.Object } coin)
        {
            return;
        }

        var (txid, place) = (coin.GetProperty("txid").GetString()!, coin.GetProperty("vout").GetInt32());
        var name = $"{txid}:{place.ToString(CultureInfo.InvariantCulture)}";
        if (_locks.TryAdd(name, false))
        {
            try
            {
                var which = new Dictionary<string, object?> { ["txid"] = txid, ["vout"] = place };
                await cluster.Alice.CallAsync("lockunspent", false, new[] { which }, true);
                _locks[name] = true;
            }
            catch (RpcException spent) when (spent.Code == -8)
            {
                // Somebody was quicker.
            }
        }
    }

    private static Task PauseAsync(CancellationToken ct) =>
        Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct).ContinueWith(static _ => { }, TaskScheduler.Default);
}
