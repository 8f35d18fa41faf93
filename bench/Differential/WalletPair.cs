using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Bench.Daemons;

namespace Dash.Bench.Differential;

/// <summary>dash-node with its wallets and dashd, told the same; what they answer about wallets is held against each other.</summary>
internal sealed class WalletPair : IAsyncDisposable
{
    // Lists that come in the order of a hash table in dashd.
    private static readonly HashSet<string> Unordered =
    [
        "listunspent", "listlockunspent", "listaddressgroupings", "listaddressbalances", "transactions", "removed", "walletconflicts", "txids", "wallets",
    ];

    // What only ours say; and what tells of chance: dashd takes two keys for change where it tries two ways to pay.
    private static readonly HashSet<string> LeftOut =
    [
        "node", "keys_left", "keypoolsize_hd_internal", "duration", "progress", "timestamp", "keypoololdest",
    ];

    // What docs/wallet.md lists with its reason: the method, and what the call or dashd's answer has in it.
    private static readonly (string Method, string Sign)[] Listed =
    [
        ("send", "add_to_wallet"),
        ("walletpassphrase", "null"),
        ("loadwallet", "\\u0000"),
        ("help", "\"fundrawtransaction\""),
        ("help", "\"send\""),
        ("help", "\"walletcreatefundedpsbt\""),
    ];

    // What tells of coins. dashd's lists of unspent coins and its kept sums go stale until it loads the wallet again.
    private static readonly HashSet<string> TellOfCoins =
    [
        "getbalance", "getbalances", "getunconfirmedbalance", "getwalletinfo", "listunspent", "listaddressgroupings", "listaddressbalances",
        "listtransactions", "listsinceblock", "gettransaction",
    ];

    // Where a wallet is loaded: it learns of all that is in the mempool, in dashd in an order that is chance.
    private static readonly HashSet<string> Loads = ["loadwallet", "restorewallet", "createwallet"];

    private const int RecentCalls = 12;

    // Mempools that still differ after so many rounds hold what contradicts the other's.
    private const int MaxRounds = 8;

    private readonly string _dashd;
    private readonly string _root;
    private readonly Dictionary<string, (string Text, int Count)> _differences = [];
    private readonly Queue<string> _recent = [];
    private readonly HashSet<string> _foundTogether = [];
    private readonly StreamWriter? _trace = Environment.GetEnvironmentVariable("TRACE") is { Length: > 0 } file ? new StreamWriter(file) { AutoFlush = true } : null;
    private MeasuredDaemon _ours;
    private MeasuredDaemon _theirs;

    private WalletPair(MeasuredDaemon ours, MeasuredDaemon theirs, string dashd, string root)
    {
        _ours = ours;
        _theirs = theirs;
        _dashd = dashd;
        _root = root;
    }

    /// <summary>In parameters: the directory of the daemon that is asked.</summary>
    public static string DirectoryMark => "<directory>";

    /// <summary>What differed: the first of each kind, and how many there were.</summary>
    public IReadOnlyCollection<(string Text, int Count)> Differences => _differences.Values;

    /// <summary>Answers compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Differences that are listed, and so are not among the others.</summary>
    public long ListedOnes { get; private set; }

    /// <summary>Differences that were gone once dashd had loaded the wallet again, while ours said the same before and after.</summary>
    public long StaleOnes { get; private set; }

    /// <summary>Lists that differed only in the order of transactions that were in the mempool together when a wallet was loaded.</summary>
    public long ShuffledOnes { get; private set; }

    /// <summary>Transactions that one of them had and told the other one.</summary>
    public long OfferedAgain { get; private set; }

    /// <summary>Starts both on empty regtest directories, at one mock time.</summary>
    public static async Task<WalletPair> StartAsync(string root, string dashd, long time)
    {
        var ours = await StartOneAsync(Path.Combine(Programs.Directory, "dash-node"), Path.Combine(root, "one"), time);
        return new WalletPair(ours, await StartOneAsync(dashd, Path.Combine(root, "two"), time), dashd, root);
    }

    /// <summary>Both end and begin again in their directories.</summary>
    public async Task RestartAsync(long time)
    {
        await DisposeAsync();
        _ours = await StartOneAsync(Path.Combine(Programs.Directory, "dash-node"), Path.Combine(_root, "one"), time);
        _theirs = await StartOneAsync(_dashd, Path.Combine(_root, "two"), time);
    }

    /// <summary>
    /// Whoever has more in its mempool tells the other one: our wallet offers what a reorganisation dropped again at once, dashd's
    /// after a time left to chance. Ours does so once a block is stored, and answers for the wallet when that is done: so it is
    /// asked first, or what it is just offering would be told to dashd at a later time.
    /// </summary>
    public async Task EvenOutAsync()
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            await TellAsync("", "syncwithvalidationinterfacequeue", "[]");
            var (_, loaded) = await AnswerAsync(_ours, "", "listwallets", "[]", isSorted: false);
            foreach (var wallet in loaded is { } names ? names.EnumerateArray().Select(static name => name.GetString()!).ToArray() : []) // they are texts
            {
                await AnswerAsync(_ours, wallet, "listlockunspent", "[]", isSorted: false);
            }

            var moved = await TellMissingAsync(isFromOurs: true) + await TellMissingAsync(isFromOurs: false);
            if (moved == 0)
            {
                return;
            }
        }
    }

    // How many the other one took.
    private async Task<int> TellMissingAsync(bool isFromOurs)
    {
        var (from, to) = isFromOurs ? (_ours, _theirs) : (_theirs, _ours);
        var (_, here) = await AnswerAsync(from, "", "getrawmempool", "[]", isSorted: false);
        var (_, there) = await AnswerAsync(to, "", "getrawmempool", "[]", isSorted: false);
        if (here is not { } all || there is not { } others)
        {
            return 0;
        }

        var known = others.EnumerateArray().Select(static txid => txid.GetString()).ToHashSet();
        List<string> missing = [.. all.EnumerateArray().Select(static txid => txid.GetString()!).Where(txid => !known.Contains(txid))]; // texts
        if (missing.Count > 1)
        {
            _foundTogether.UnionWith(missing); // here they came in the order of the wallet, there in that of this list
        }

        var taken = 0;
        foreach (var txid in missing)
        {
            if (await TryOneAsync(isFromOurs, "", "getrawtransaction", $"[\"{txid}\"]") is { } raw
                && await TryOneAsync(!isFromOurs, "", "sendrawtransaction", $"[\"{raw}\"]") is not null)
            {
                taken++;
            }
        }

        OfferedAgain += taken;
        return taken;
    }

    /// <summary>Tells both the same; neither may refuse.</summary>
    public async Task<JsonElement> TellAsync(string wallet, string method, string parameters)
    {
        Remember(wallet, method, parameters);
        await _ours.CallAsync(PathOf(wallet), method, parameters);
        return await _theirs.CallAsync(PathOf(wallet), method, parameters);
    }

    /// <summary>Tells one of them alone.</summary>
    public async Task<JsonElement?> TryOneAsync(bool isOurs, string wallet, string method, string parameters)
    {
        Remember(wallet, (isOurs ? "(ours) " : "(dashd) ") + method, parameters);
        if (!isOurs && Loads.Contains(method))
        {
            await RememberMempoolAsync();
        }

        var (_, result) = await AnswerAsync(isOurs ? _ours : _theirs, wallet, method, parameters, isSorted: true);
        return result;
    }

    /// <summary>Asks both the same; an error is an answer too.</summary>
    /// <param name="wallet">Which wallet.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">A JSON array.</param>
    /// <param name="comparesResults">False where results differ by nature: then only whether it is refused counts, and how.</param>
    /// <returns>dashd's result, or null where it refused.</returns>
    public async Task<JsonElement?> AskAsync(string wallet, string method, string parameters, bool comparesResults = true)
    {
        if (Loads.Contains(method))
        {
            await RememberMempoolAsync();
        }

        var ours = AnswerAsync(_ours, wallet, method, parameters, isSorted: true);
        var (theirText, result) = await AnswerAsync(_theirs, wallet, method, parameters, isSorted: true);
        var (ourText, ourResult) = await ours;
        Compared++;
        if (Loads.Contains(method) || method == "importdescriptors")
        {
            await EvenOutAsync(); // both have offered what waited
        }

        if (ourText != theirText && (comparesResults || result is null || ourResult is null))
        {
            if (method == "listtransactions" && (InOneOrder(ourText) == InOneOrder(theirText) || await AreWholeListsEqualAsync(wallet)))
            {
                ShuffledOnes++;
            }
            else if (TellOfCoins.Contains(method) && await IsStaleAsync(wallet, method, parameters, ourText))
            {
                StaleOnes++;
            }
            else
            {
                Note(wallet, method, parameters, theirText, ourText);
            }
        }

        Remember(wallet, method, parameters);
        return result;
    }

    /// <summary>Asks both the same and holds a part of the results against each other.</summary>
    public async Task CompareAsync(string wallet, string method, string parameters, Func<JsonElement, string> part)
    {
        var ours = part(await _ours.CallAsync(PathOf(wallet), method, parameters));
        var theirs = part(await _theirs.CallAsync(PathOf(wallet), method, parameters));
        Compared++;
        if (ours != theirs)
        {
            Note(wallet, method, parameters, theirs, ours);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _theirs.DisposeAsync();
    }

    private static string PathOf(string wallet) => wallet.Length == 0 ? "/" : "/wallet/" + wallet;

    private static Task<MeasuredDaemon> StartOneAsync(string program, string directory, long time)
    {
        Directory.CreateDirectory(directory);
        return MeasuredDaemon.StartAsync(
            program,
            Path.Combine(directory, "regtest", ".cookie"),
            "-regtest", "-datadir=" + directory, "-listen=0", "-connect=0", "-dnsseed=0", "-printtoconsole=0", "-keypool=100",
            "-createwalletbackups=0", string.Create(CultureInfo.InvariantCulture, $"-mocktime={time}"));
    }

    private async Task RememberMempoolAsync()
    {
        var (_, mempool) = await AnswerAsync(_theirs, "", "getrawmempool", "[]", isSorted: false);
        if (mempool is { } txids && txids.GetArrayLength() > 1)
        {
            _foundTogether.UnionWith(txids.EnumerateArray().Select(static txid => txid.GetString()!)); // they are texts
        }
    }

    // Lines of transactions that a wallet may have found together, in the order of their text, in the places of such lines.
    private string InOneOrder(string list)
    {
        var lines = list.Split(",\n");
        var places = Enumerable.Range(0, lines.Length).Where(i => _foundTogether.Contains(TxidOf(lines[i]))).ToArray();
        foreach (var (place, line) in places.Zip(places.Select(place => lines[place].Trim('[', ']')).Order(StringComparer.Ordinal).ToArray()))
        {
            lines[place] = line;
        }

        return string.Join(",\n", lines.Select(static line => line.Trim('[', ']')));

        static string TxidOf(string line)
        {
            const string Name = "\"txid\":\"";
            var at = line.IndexOf(Name, StringComparison.Ordinal);
            return at < 0 || line.Length < at + Name.Length + 64 ? "" : line.Substring(at + Name.Length, 64);
        }
    }

    // A part of a list may begin among transactions that came together.
    private async Task<bool> AreWholeListsEqualAsync(string wallet)
    {
        const string Everything = "[\"*\",1000000]";
        var (ours, _) = await AnswerAsync(_ours, wallet, "listtransactions", Everything, isSorted: true);
        var (theirs, _) = await AnswerAsync(_theirs, wallet, "listtransactions", Everything, isSorted: true);
        return ours != theirs && InOneOrder(ours) == InOneOrder(theirs);
    }

    // Loads the wallet again in both. Ours must not need it.
    private async Task<bool> IsStaleAsync(string wallet, string method, string parameters, string before)
    {
        await RememberMempoolAsync();
        var (waiting, _) = await AnswerAsync(_ours, "", "getrawmempool", "[]", isSorted: false);
        foreach (var daemon in (MeasuredDaemon[])[_ours, _theirs])
        {
            foreach (var step in (string[])["unloadwallet", "loadwallet"])
            {
                var (_, done) = await AnswerAsync(daemon, "", step, $"[\"{wallet}\"]", isSorted: false);
                if (done is null)
                {
                    return false;
                }
            }
        }

        await EvenOutAsync();
        var (ours, _) = await AnswerAsync(_ours, wallet, method, parameters, isSorted: true);
        var (theirs, _) = await AnswerAsync(_theirs, wallet, method, parameters, isSorted: true);
        _trace?.WriteLine($"? loaded again, dashd: {theirs}\n? loaded again, ours:  {ours}");

        // Loading offers again what waits, so money may have become trusted; and getwalletinfo says until when the wallet is unlocked.
        var (waitingNow, _) = await AnswerAsync(_ours, "", "getrawmempool", "[]", isSorted: false);
        return (ours == theirs || (method == "listtransactions" && InOneOrder(ours) == InOneOrder(theirs)))
            && (ours == before || waiting.Length != waitingNow.Length || method == "getwalletinfo");
    }

    private void Note(string wallet, string method, string parameters, string theirs, string ours)
    {
        if (theirs.Contains($"Internal bug detected: {Message(ours)}\\n", StringComparison.Ordinal)
            || Listed.Any(one => one.Method == method && (parameters.Contains(one.Sign, StringComparison.Ordinal) || theirs == one.Sign)))
        {
            ListedOnes++;
            return;
        }

        _trace?.WriteLine($"! dashd: {theirs}\n! ours:  {ours}");

        // One of each kind is enough: the method and what is around the first place that differs.
        var at = Enumerable.Range(0, Math.Min(theirs.Length, ours.Length)).FirstOrDefault(i => theirs[i] != ours[i], Math.Min(theirs.Length, ours.Length));
        var from = Math.Max(0, at - 60);
        var kind = method + " " + (theirs.Length < 200 ? theirs : theirs[from..at]);
        _differences[kind] = _differences.TryGetValue(kind, out var known)
            ? known with { Count = known.Count + 1 }
            : ($"[{wallet}] {method} {Shorten(parameters, 0)}\n  dashd: {Shorten(theirs, from)}\n  ours:  {Shorten(ours, from)}\n  before: {string.Join("\n          ", _recent)}", 1);
    }

    // Of an error as it was answered.
    private static string Message(string answer)
    {
        const string Name = "\"message\":\"";
        var at = answer.IndexOf(Name, StringComparison.Ordinal);
        return at < 0 ? "(no error)" : answer[(at + Name.Length)..].TrimEnd('}', '"');
    }

    private void Remember(string wallet, string method, string parameters)
    {
        _trace?.WriteLine($"[{wallet}] {method} {parameters}");
        _recent.Enqueue($"[{wallet}] {method} {Shorten(parameters, 0)}");
        if (_recent.Count > RecentCalls)
        {
            _recent.Dequeue();
        }
    }

    private async Task<(string Text, JsonElement? Result)> AnswerAsync(
        MeasuredDaemon daemon, string wallet, string method, string parameters, bool isSorted)
    {
        try
        {
            var directory = Path.Combine(_root, daemon == _ours ? "one" : "two");
            var result = await daemon.CallAsync(PathOf(wallet), method, parameters.Replace(DirectoryMark, directory, StringComparison.Ordinal));
            return (Plain(Normal(result, method, isSorted)), result);
        }
        catch (InvalidOperationException refused)
        {
            // What help says is in words of our own.
            var text = Plain(refused.Message);
            var end = text.IndexOf("\\n\\n", StringComparison.Ordinal);
            return (end < 0 ? text : text[..end], null);
        }
    }

    private string Plain(string text) => text
        .Replace(Path.Combine(_root, "one"), DirectoryMark, StringComparison.Ordinal)
        .Replace(Path.Combine(_root, "two"), DirectoryMark, StringComparison.Ordinal);

    private static string Normal(JsonElement value, string name, bool isSorted)
    {
        StringBuilder text = new();
        Write(text, value, name, isSorted);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value, string name, bool isSorted)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                var members = value.EnumerateObject().Where(static member => !LeftOut.Contains(member.Name));
                foreach (var member in Unordered.Contains(name) && name == "listaddressbalances" ? members.OrderBy(static m => m.Name, StringComparer.Ordinal) : members)
                {
                    text.Append('"').Append(member.Name).Append("\":");
                    Write(text, member.Value, member.Name, isSorted);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                var items = value.EnumerateArray().Select(item => Normal(item, name == "listaddressgroupings" ? name : "", isSorted));
                text.Append('[').AppendJoin(",\n", isSorted && Unordered.Contains(name) ? items.Order(StringComparer.Ordinal) : items).Append(']');
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static string Shorten(string text, int from) => (from > 0 ? "…" : "") + (text.Length - from > 300 ? text[from..(from + 300)] + "…" : text[from..]);
}
