using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;

namespace Dash.Bench.Differential;

/// <summary>dash-node and dashd, told the same; every answer of one is held against the other's.</summary>
internal sealed class NodePair : IAsyncDisposable
{
    private readonly MeasuredDaemon _ours;
    private readonly MeasuredDaemon _theirs;
    private readonly List<string> _differences = [];

    private NodePair(MeasuredDaemon ours, MeasuredDaemon theirs)
    {
        _ours = ours;
        _theirs = theirs;
    }

    /// <summary>What the two answered differently, in the order it happened.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Answers compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Starts both on empty regtest directories, at one mock time.</summary>
    public static async Task<NodePair> StartAsync(string root, string dashd, long time)
    {
        var ours = await StartOneAsync(Path.Combine(Programs.Directory, "dash-node"), Path.Combine(root, "ours"), time);
        NodePair pair = new(ours, await StartOneAsync(dashd, Path.Combine(root, "theirs"), time));

        // A dashd that thinks it lacks masternodes' data takes what a superblock might pay, also where none was voted for.
        while (!(await pair.AskTheirsAsync("mnsync", "[\"status\"]")).GetProperty("IsSynced").GetBoolean())
        {
            await pair.AskTheirsAsync("mnsync", "[\"next\"]");
        }

        return pair;
    }

    /// <summary>Asks both the same; an error is an answer too.</summary>
    /// <returns>dashd's result, or null where it refused.</returns>
    public async Task<JsonElement?> AskAsync(string method, string parameters, string what = "")
    {
        var ours = AnswerAsync(_ours, method, parameters);
        var (theirText, result) = await AnswerAsync(_theirs, method, parameters);
        var (ourText, _) = await ours;
        Compared++;
        if (ourText != theirText)
        {
            var shown = parameters.Length > 200 ? parameters[..200] + "…" : parameters;
            _differences.Add($"{method} {shown} {what}\n  dashd: {Shorten(theirText)}\n  ours:  {Shorten(ourText)}");
        }

        return result;
    }

    /// <summary>Asks dashd alone.</summary>
    public Task<JsonElement> AskTheirsAsync(string method, string parameters) => _theirs.CallAsync("/", method, parameters);

    /// <summary>Asks both for something that lists in no order, and compares the sorted lists.</summary>
    public async Task CompareSetsAsync(string method, string parameters, Func<string, string>? simplify = null)
    {
        var ours = Sorted(await _ours.CallAsync("/", method, parameters), simplify);
        var theirs = Sorted(await _theirs.CallAsync("/", method, parameters), simplify);
        Compared++;
        if (!ours.SequenceEqual(theirs))
        {
            _differences.Add(
                $"{method}\n  only dashd: {string.Join(' ', theirs.Except(ours).Take(5))}\n  only ours:  {string.Join(' ', ours.Except(theirs).Take(5))}");
        }
    }

    /// <summary>Compares some members of an object.</summary>
    public async Task CompareMembersAsync(string method, string parameters, params string[] members)
    {
        var ours = await _ours.CallAsync("/", method, parameters);
        var theirs = await _theirs.CallAsync("/", method, parameters);
        foreach (var member in members)
        {
            Compared++;
            var (our, their) = (ours.GetProperty(member).GetRawText(), theirs.GetProperty(member).GetRawText());
            if (our != their)
            {
                _differences.Add($"{method} {member}\n  dashd: {their}\n  ours:  {our}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _theirs.DisposeAsync();
    }

    private static Task<MeasuredDaemon> StartOneAsync(string program, string directory, long time)
    {
        Directory.CreateDirectory(directory);
        return MeasuredDaemon.StartAsync(
            program,
            Path.Combine(directory, "regtest", ".cookie"),
            "-regtest",
            "-datadir=" + directory,
            "-listen=0",
            "-connect=0",
            "-dnsseed=0",
            "-disablewallet",
            "-printtoconsole=0",
            "-txindex=0",
            string.Create(CultureInfo.InvariantCulture, $"-mocktime={time}"));
    }

    private static async Task<(string Text, JsonElement? Result)> AnswerAsync(MeasuredDaemon daemon, string method, string parameters)
    {
        try
        {
            var result = await daemon.CallAsync("/", method, parameters);
            return (result.GetRawText(), result);
        }
        catch (InvalidOperationException e)
        {
            return (e.Message, null);
        }
    }

    private static List<string> Sorted(JsonElement array, Func<string, string>? simplify) =>
        [.. array.EnumerateArray()
            .Select(item => simplify is null ? item.GetRawText() : simplify(item.GetRawText()))
            .Order(StringComparer.Ordinal)];

    private static string Shorten(string text) => text.Length > 400 ? text[..400] + "…" : text;
}
