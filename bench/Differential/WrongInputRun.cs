using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dash.Bench.Daemons;
using Dash.RpcTests.Support;

namespace Dash.Bench.Differential;

/// <summary>Writes down which code dashd (environment variable DASHD) gives for each wrong input: the table that a test holds this wallet to.</summary>
internal static partial class WrongInputRun
{
    /// <summary>Asks dashd, or the node of this repository where told so, and writes the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(bool ofDashd, TextWriter output)
    {
        var program = ofDashd ? Programs.Dashd : Path.Combine(Programs.Directory, "dash-node");
        if (program is null)
        {
            output.WriteLine("DASHD=<path of dashd> … wrong-input");
            return 2;
        }

        var root = Directory.CreateTempSubdirectory("dash-wrong-input-").FullName;
        try
        {
            await using var daemon = await MeasuredDaemon.StartAsync(
                program, Path.Combine(root, "regtest", ".cookie"), "-regtest", "-datadir=" + root, "-listen=0", "-connect=0", "-dnsseed=0",
                "-printtoconsole=0", "-keypool=10", "-createwalletbackups=0", "-mocktime=1700000000");
            foreach (var line in await WrongInput.CodesAsync((wallet, method, parameters) => AskAsync(daemon, wallet, method, parameters)))
            {
                output.WriteLine(line);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        return 0;
    }

    private static async Task<(int Code, JsonElement? Result)> AskAsync(MeasuredDaemon daemon, string wallet, string method, string parameters)
    {
        try
        {
            return (0, await daemon.CallAsync(wallet.Length == 0 ? "/" : "/wallet/" + wallet, method, parameters));
        }
        catch (InvalidOperationException refused)
        {
            return (int.Parse(Code().Match(refused.Message).Groups[1].ValueSpan, CultureInfo.InvariantCulture), null);
        }
    }

    [GeneratedRegex("\"code\":(-?[0-9]+)")]
    private static partial Regex Code();
}
