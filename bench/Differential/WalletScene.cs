using System.Globalization;
using System.Text.Json;

namespace Dash.Bench.Differential;

/// <summary>
/// What a run over two daemons' wallets knows and all its steps share: chance, the pair, the addresses, transactions and blocks
/// there are, and the steps everything else is made of.
/// </summary>
internal sealed class WalletScene(int seed, WalletPair pair, long startTime)
{
    /// <summary>An address of nobody's.</summary>
    public const string Foreign = "ySMnpcCKx4wD57T5dhjz3t3im3hgaQ5JYG";

    private long _time = startTime;

    /// <summary>Chance, repeatable by the seed.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>Both daemons.</summary>
    public WalletPair Pair { get; } = pair;

    /// <summary>Addresses of wallets that both have.</summary>
    public List<string> Addresses { get; } = [];

    /// <summary>Payments that were made.</summary>
    public List<string> Txids { get; } = [];

    /// <summary>The active chain, without the first block.</summary>
    public List<string> Blocks { get; } = [];

    /// <summary>How many steps of each kind were made.</summary>
    public Dictionary<string, int> Done { get; } = [];

    /// <summary>Counts a step.</summary>
    public void Note(string what) => Done[what] = Done.GetValueOrDefault(what) + 1;

    /// <summary>One of some texts.</summary>
    public string Pick(params IReadOnlyList<string> texts) => texts[Random.Next(texts.Count)];

    /// <summary>True one time in so many.</summary>
    public bool OneIn(int count) => Random.Next(count) == 0;

    /// <summary>A payment, or an id of nothing.</summary>
    public string AnyTxid() => Txids.Count > 0 ? Pick(Txids) : new string('0', 64);

    /// <summary>Some value in DASH.</summary>
    public string AnyAmount(int lowCents, int highCents) =>
        (Random.Next(lowCents, highCents) / 100m).ToString(CultureInfo.InvariantCulture);

    /// <summary>Both have stored what they heard at the time before; then the time goes on.</summary>
    public async Task AdvanceAsync(int seconds)
    {
        await Pair.TellAsync("", "syncwithvalidationinterfacequeue", "[]");
        _time += seconds;
        await Pair.TellAsync("", "setmocktime", string.Create(CultureInfo.InvariantCulture, $"[{_time}]"));
    }

    /// <summary>Both end and begin again, with these wallets.</summary>
    public async Task RestartAsync(IEnumerable<string> wallets)
    {
        Note("restart");
        await Pair.TellAsync("", "syncwithvalidationinterfacequeue", "[]");
        await Pair.RestartAsync(_time);
        await Pair.AskAsync("", "listwallets", "[]");
        foreach (var wallet in wallets)
        {
            await Pair.TryOneAsync(isOurs: true, "", "loadwallet", $"[\"{wallet}\"]");
            await Pair.TryOneAsync(isOurs: false, "", "loadwallet", $"[\"{wallet}\"]");
        }

        await Pair.AskAsync("", "listwallets", "[]");
        await Pair.EvenOutAsync();
    }

    /// <summary>
    /// Unloads wallets and loads them again: dashd forgets coins whose spending transaction was given up, contradicted or taken out
    /// until it loads the wallet the next time.
    /// </summary>
    public async Task LoadAgainAsync(params IReadOnlyList<string> wallets)
    {
        foreach (var wallet in wallets)
        {
            await Pair.AskAsync("", "unloadwallet", $"[\"{wallet}\"]");
            await Pair.AskAsync("", "loadwallet", $"[\"{wallet}\"]");
        }
    }

    /// <summary>A new address of a wallet, which both give out.</summary>
    public async Task NewAddressAsync(string wallet, string label)
    {
        if (await Pair.AskAsync(wallet, "getnewaddress", $"[\"{label}\"]") is { } address)
        {
            Addresses.Add(address.GetString()!); // it is a text
        }
    }

    /// <summary>dashd makes a block, with what is in its mempool or with certain transactions; both take it.</summary>
    public async Task MineAsync(string address, string? transactions = null)
    {
        Note("block");
        await AdvanceAsync(Random.Next(60, 300));
        var made = transactions is null
            ? await Pair.TryOneAsync(isOurs: false, "", "generatetoaddress", $"[1,\"{address}\"]")
            : await Pair.TryOneAsync(isOurs: false, "", "generateblock", $"[\"{address}\",[{transactions}]]");
        if (made is not { } hashes)
        {
            return;
        }

        var hash = (hashes.ValueKind == JsonValueKind.Array ? hashes[0] : hashes.GetProperty("hash")).GetString()!; // it is a text
        var block = await Pair.TryOneAsync(isOurs: false, "", "getblock", $"[\"{hash}\",0]");
        await Pair.TryOneAsync(isOurs: true, "", "submitblock", $"[\"{block}\"]");
        Blocks.Add(hash);
        await Pair.AskAsync("", "getbestblockhash", "[]");
        await Pair.EvenOutAsync();
    }

    /// <summary>Takes blocks back; the caller makes others.</summary>
    public async Task TakeBackAsync(int depth)
    {
        await Pair.AskAsync("", "invalidateblock", $"[\"{Blocks[^depth]}\"]");
        Blocks.RemoveRange(Blocks.Count - depth, depth);
        await Pair.EvenOutAsync();
    }

    /// <summary>Some coin of a wallet; null if it has none.</summary>
    public async Task<JsonElement?> AnyCoinAsync(string wallet, string minDepth = "0")
    {
        var coins = await Pair.TryOneAsync(isOurs: false, wallet, "listunspent", $"[{minDepth}]");
        return coins is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[Random.Next(list.GetArrayLength())] : null;
    }

    /// <summary>The same as an input.</summary>
    public static string InputOf(JsonElement coin, string more = "") =>
        $"{{\"txid\":{coin.GetProperty("txid").GetRawText()},\"vout\":{coin.GetProperty("vout").GetRawText()}{more}}}";

    /// <summary>A descriptor with its checksum, as both say it is.</summary>
    public async Task<string?> WithChecksumAsync(string descriptor)
    {
        var info = await Pair.AskAsync("", "getdescriptorinfo", $"[\"{descriptor}\"]");
        return info is { } found ? $"{descriptor}#{found.GetProperty("checksum").GetString()}" : null;
    }
}
