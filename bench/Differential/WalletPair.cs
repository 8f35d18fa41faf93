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

    private readonly MeasuredDaemon _ours;
    private readonly MeasuredDaemon _theirs;
    private readonly string _root;
    private readonly Dictionary<string, (string Text, int Count)> _differences = [];

    private WalletPair(MeasuredDaemon ours, MeasuredDaemon theirs, string root)
    {
        _ours = ours;
        _theirs = theirs;
        _root = root;
    }

    /// <summary>What differed: the first of each kind, and how many there were.</summary>
    public IReadOnlyCollection<(string Text, int Count)> Differences => _differences.Values;

    /// <summary>Answers compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Starts both on empty regtest directories, at one mock time.</summary>
    public static async Task<WalletPair> StartAsync(string root, string dashd, long time)
    {
        var ours = await StartOneAsync(Path.Combine(Programs.Directory, "dash-node"), Path.Combine(root, "one"), time);
        return new WalletPair(ours, await StartOneAsync(dashd, Path.Combine(root, "two"), time), root);
    }

    /// <summary>Tells both the same; neither may refuse.</summary>
    public async Task<JsonElement> TellAsync(string wallet, string method, string parameters)
    {
        await _ours.CallAsync(PathOf(wallet), method, parameters);
        return await _theirs.CallAsync(PathOf(wallet), method, parameters);
    }

    /// <summary>Tells one of them alone.</summary>
    public async Task<JsonElement?> TryOneAsync(bool isOurs, string wallet, string method, string parameters)
    {
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
        var ours = AnswerAsync(_ours, wallet, method, parameters, isSorted: true);
        var (theirText, result) = await AnswerAsync(_theirs, wallet, method, parameters, isSorted: true);
        var (ourText, ourResult) = await ours;
        Compared++;
        if (ourText != theirText && (comparesResults || result is null || ourResult is null))
        {
            Note(wallet, method, parameters, theirText, ourText);
        }

        return result;
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
            "-regtest", "-datadir=" + directory, "-listen=0", "-connect=0", "-dnsseed=0", "-printtoconsole=0", "-keypool=10",
            "-createwalletbackups=0", string.Create(CultureInfo.InvariantCulture, $"-mocktime={time}"));
    }

    private void Note(string wallet, string method, string parameters, string theirs, string ours)
    {
        // One of each kind is enough: the method and what is around the first place that differs.
        var at = Enumerable.Range(0, Math.Min(theirs.Length, ours.Length)).FirstOrDefault(i => theirs[i] != ours[i], Math.Min(theirs.Length, ours.Length));
        var from = Math.Max(0, at - 60);
        var kind = method + " " + (theirs.Length < 200 ? theirs : theirs[from..at]);
        _differences[kind] = _differences.TryGetValue(kind, out var known)
            ? known with { Count = known.Count + 1 }
            : ($"[{wallet}] {method} {Shorten(parameters, 0)}\n  dashd: {Shorten(theirs, from)}\n  ours:  {Shorten(ours, from)}", 1);
    }

    private async Task<(string Text, JsonElement? Result)> AnswerAsync(
        MeasuredDaemon daemon, string wallet, string method, string parameters, bool isSorted)
    {
        try
        {
            var result = await daemon.CallAsync(PathOf(wallet), method, parameters);
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
        .Replace(Path.Combine(_root, "one"), "<directory>", StringComparison.Ordinal)
        .Replace(Path.Combine(_root, "two"), "<directory>", StringComparison.Ordinal);

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
