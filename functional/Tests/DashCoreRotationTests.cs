using System.Text;
using System.Text.RegularExpressions;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// What light clients hear of masternodes and quorums that were really made: dash-node takes such a chain from dashd, then both are
/// asked the same. Runs where DASHD names a dashd and DASH_ROTATED a data directory in which Dash Core's test feature_llmq_rotation.py
/// (--nocleanup) left a chain.
/// </summary>
public sealed partial class DashCoreRotationTests
{
    private const int CycleLength = 24;
    private const int MostAtOnce = 40; // a question that is refused costs a point of a hundred

    private static readonly string[] Rules =
    [
        "-dip3params=2:2", "-testactivationheight=v20@300", "-testactivationheight=mn_rr@300", "-vbparams=testdummy:999999999999:999999999999",
        "-llmqtestparams=4:4", "-llmqtestinstantsendparams=4:4", "-llmqtestplatformparams=4:4", "-maxtipage=9999999999", "-debug=net",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(70240)]
    [InlineData(70236)]
    [InlineData(70235)]
    [InlineData(70230)]
    public async Task Masternodes_and_rotated_quorums_are_told_as_dash_core_does(int version)
    {
        if (Environment.GetEnvironmentVariable("DASH_ROTATED") is not { Length: > 0 } source || !Directory.Exists(Path.Combine(source, "regtest", "blocks")))
        {
            Assert.Skip("no chain with rotated quorums: set the environment variable DASH_ROTATED to a data directory of Dash Core's feature_llmq_rotation.py");
            return;
        }

        await using var pair = await OpenAsync(source);
        var height = await pair.Theirs.Rpc.IntAsync("getblockcount");
        await pair.ConnectAsync();
        await pair.AgreeAsync(height);
        await pair.PartAsync();
        Dictionary<int, byte[]> hashes = [];
        for (var at = 0; at <= height; at++)
        {
            hashes[at] = [.. Convert.FromHexString(await pair.Theirs.Rpc.TextAsync("getblockhash", at)).Reverse()];
        }

        var questions = Questions(hashes, height);
        var theirs = await AskAsync(pair.TheirPort, version, questions);
        var ours = await AskAsync(pair.OurPort, version, questions);
        var told = 0;
        for (var i = 0; i < questions.Count; i++)
        {
            Assert.Equal(questions[i].Name + "\n" + theirs[i], questions[i].Name + "\n" + ours[i]);
            told += theirs[i].Length > 0 ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"version {version}: {questions.Count} questions, {told} answered, blocks up to {height}");
        Assert.True(told > questions.Count / 4);
        Assert.Contains(theirs, static answer => answer.Contains("commitment ", StringComparison.Ordinal));
        Assert.Contains(theirs, static answer => answer.Contains("snapshot of ", StringComparison.Ordinal));
        Assert.Equal(Refusals(pair.Theirs.ReadLog()), Refusals(pair.Ours.ReadLog()));
    }

    private static async Task<DashCorePair> OpenAsync(string source)
    {
        var pair = DashCorePair.Prepare("v1", "v1", Rules, Rules);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "regtest"), "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(source, file);
            if (Path.GetFileName(name) is "LOCK" or ".lock" or "debug.log" or "settings.json" || name.Contains("wallet", StringComparison.Ordinal)) continue;
            var to = Path.Combine(pair.Theirs.DataDirectory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        await pair.Theirs.StartAsync();
        await pair.Ours.StartAsync();
        return pair;
    }

    // What a client knows and wants: blocks of all cycles, at and around their first blocks, some known, none, too many, unknown ones.
    private static List<(string Name, string Type, byte[] Payload)> Questions(Dictionary<int, byte[]> hashes, int height)
    {
        List<(string, string, byte[])> questions = [];
        var first = height - (height % CycleLength);
        int[] wanted =
        [
            height, height - 1, first, first - 1, first + 1, first - 8, first - 9, first - CycleLength, first - CycleLength + 20, first - (2 * CycleLength),
            first - (3 * CycleLength) - 1, first - (4 * CycleLength), first - (5 * CycleLength) - 9, first - (6 * CycleLength), first - (7 * CycleLength) + 3,
        ];
        int[][] known =
        [
            [], [0], [height], [first - 8], [first - CycleLength - 8], [first - (3 * CycleLength) - 8, first - CycleLength - 8], [height, 1, first], [150, 200, 250, 300],
            [first - 8, first - 32, first - 56, first - 80],
        ];
        foreach (var at in wanted)
        {
            foreach (var bases in known)
            {
                foreach (var extra in (byte[])[0, 1])
                {
                    questions.Add(($"getqrinfo {string.Join(',', bases)} > {at} {extra}", "getqrinfo", [(byte)bases.Length, .. bases.SelectMany(one => hashes[one]), .. hashes[at], extra]));
                }
            }
        }

        var nowhere = Enumerable.Repeat((byte)3, 32).ToArray();
        questions.Add(("getqrinfo of no block", "getqrinfo", [0, .. nowhere, 0]));
        questions.Add(("getqrinfo from no block", "getqrinfo", [1, .. nowhere, .. hashes[height], 0]));
        foreach (var from in (int[])[0, 100, 200, first - 60, first - 24, first, height - 1, height])
        {
            foreach (var to in (int[])[0, 150, 250, first - 60, first - 24, first, first + 1, height - 1, height])
            {
                questions.Add(($"getmnlistd {from} > {to}", "getmnlistd", [.. hashes[from], .. hashes[to]]));
            }
        }

        return questions;
    }

    // An empty text where nothing was answered.
    private static async Task<List<string>> AskAsync(int port, int version, List<(string Name, string Type, byte[] Payload)> questions)
    {
        List<string> answers = [];
        foreach (var some in questions.Chunk(MostAtOnce))
        {
            using var peer = await RawPeer.GreetAsync(port, Ct, version);
            foreach (var (_, type, payload) in some)
            {
                await peer.SendAsync(type, payload, Ct);
                await peer.SendAsync("ping", payload.AsMemory(0, 8), Ct);
                var answer = "";
                while (true)
                {
                    var (kind, content) = await peer.ReceiveAsync(Ct);
                    if (kind == "pong") break;
                    answer = kind switch
                    {
                        "qrinfo" => RotationText.OfRotation(content),
                        "mnlistdiff" => RotationText.OfDifference(content),
                        _ => answer,
                    };
                }

                answers.Add(answer);
            }
        }

        return answers;
    }

    private static string Refusals(string log) => Refused().Matches(log)
        .Aggregate(new StringBuilder(), static (text, match) => text.AppendLine(match.Value)).ToString();

    [GeneratedRegex("get(?:quorumrotationinfo|mnlistd) failed for .*error=.*")]
    private static partial Regex Refused();
}
