using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dash.Primitives.Addresses;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Bench.Daemons;

/// <summary>
/// The chain of dash-node beside dashd's, where the environment variable DASHD names one: making it, rebuilding it, the first
/// answer, memory. Both work on copies of the same blocks, made by dash-node. Prints a table.
/// </summary>
internal static class ChainRun
{
    private const int LongChain = 20_000;
    private const int Fans = 100;
    private const int Rounds = 20;
    private const int PaymentsABlock = 5_000;

    private static readonly string[] Alone = ["-listen=0", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0", "-txindex=0"];

    /// <summary>Runs all and prints.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var root = Directory.CreateTempSubdirectory("dash-bench-chain-").FullName;
        try
        {
            var node = Path.Combine(Programs.Directory, "dash-node");
            var (empty, busy) = (Path.Combine(root, "long"), Path.Combine(root, "busy"));
            await MakeLongAsync(node, empty);
            await MakeBusyAsync(node, busy);
            List<(string Name, Dictionary<string, double> Numbers)> columns = [];
            columns.Add(("dash-node", await MeasureAsync(node, root, empty, busy, needsReindex: false)));
            if (Programs.Dashd is { } dashd)
            {
                columns.Add(("dashd", await MeasureAsync(dashd, root, empty, busy, needsReindex: true)));
            }

            output.WriteLine("| | " + string.Join(" | ", columns.Select(static column => column.Name)) + " |");
            output.WriteLine("|---|" + string.Concat(columns.Select(static _ => "---:|")));
            foreach (var what in columns[0].Numbers.Keys)
            {
                output.WriteLine($"| {what} | {string.Join(" | ", columns.Select(c => c.Numbers[what].ToString("N0", CultureInfo.InvariantCulture)))} |");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(
        string program, string root, string longChain, string busyChain, bool needsReindex)
    {
        Dictionary<string, double> numbers = [];
        var fresh = Path.Combine(root, "fresh-" + Path.GetFileName(program));
        await using (var daemon = await StartAsync(program, fresh))
        {
            numbers["generatetoaddress 1,000, ms"] = await TimeAsync(() => daemon.CallAsync("/", "generatetoaddress", $"[1000,\"{Key.Address}\"]"));
        }

        foreach (var (what, from) in new[] { ("20,000 blocks", longChain), ("200,000 transactions", busyChain) })
        {
            var copy = from + "-" + Path.GetFileName(program);
            Copy(from, copy);
            if (needsReindex)
            {
                await RunToEndAsync(program, copy, "-reindex");
            }

            numbers[$"-reindex-chainstate, {what}, ms"] = await RunToEndAsync(program, copy, "-reindex-chainstate");
            numbers[$"-reindex, {what}, ms"] = await RunToEndAsync(program, copy, "-reindex");
            await using var daemon = await StartAsync(program, copy);
            numbers[$"first answer, {what}, ms"] = daemon.FirstAnswer.TotalMilliseconds;
            numbers[$"memory after the start, {what}, MiB"] = daemon.ResidentMebibytes();
        }

        return numbers;
    }

    private static Task<MeasuredDaemon> StartAsync(string program, string directory)
    {
        Directory.CreateDirectory(directory);
        return MeasuredDaemon.StartAsync(
            program, Path.Combine(directory, "regtest", ".cookie"), ["-regtest", "-datadir=" + directory, .. Alone]);
    }

    // A run that builds something anew and then ends by itself.
    private static async Task<double> RunToEndAsync(string program, string directory, string option)
    {
        var start = new ProcessStartInfo(program);
        foreach (var argument in (string[])["-regtest", "-datadir=" + directory, .. Alone, "-rpcport=28555", option, "-stopafterblockimport"])
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"{program} {option} ended with {process.ExitCode}");
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task MakeLongAsync(string node, string directory)
    {
        await using var daemon = await StartAsync(node, directory);
        for (var height = 0; height < LongChain; height += 1000)
        {
            await daemon.CallAsync("/", "generatetoaddress", $"[1000,\"{Key.Address}\"]");
        }
    }

    // Coinbases are spread over many coins; then all coins are paid on, one by one, again and again.
    private static async Task MakeBusyAsync(string node, string directory)
    {
        await using var daemon = await StartAsync(node, directory);
        await daemon.CallAsync("/", "generatetoaddress", $"[{Fans + 100},\"{Key.Address}\"]");
        List<(OutPoint OutPoint, Amount Value)> coins = [];
        List<Transaction> fans = [];
        for (var height = 1; height <= Fans; height++)
        {
            var hash = (await daemon.CallAsync("/", "getblockhash", $"[{height}]")).GetString();
            var coinbase = (await daemon.CallAsync("/", "getblock", $"[\"{hash}\",2]")).GetProperty("tx")[0];
            var value = new Amount((long)(coinbase.GetProperty("vout")[0].GetProperty("value").GetDecimal() * Amount.OneDash.Duffs));
            var txid = Txid.Parse(coinbase.GetProperty("txid").GetString()!);
            fans.Add(Key.Pay(new OutPoint(txid, 0), value / (Fans + 1), Fans));
        }

        await MineAsync(daemon, fans);
        coins.AddRange(fans.SelectMany(static fan => fan.Outputs.Select((output, i) => (new OutPoint(fan.Txid, (uint)i), output.Value))));
        for (var round = 0; round < Rounds; round++)
        {
            var payments = coins.AsParallel().AsOrdered().Select(static coin => Key.Pay(coin.OutPoint, coin.Value - new Amount(1000), 1)).ToList();
            foreach (var block in payments.Chunk(PaymentsABlock))
            {
                await MineAsync(daemon, block);
            }

            coins = [.. payments.Select(static payment => (new OutPoint(payment.Txid, 0), payment.Outputs[0].Value))];
        }
    }

    private static Task<System.Text.Json.JsonElement> MineAsync(MeasuredDaemon daemon, IEnumerable<Transaction> transactions)
    {
        var list = new StringBuilder();
        foreach (var transaction in transactions)
        {
            list.Append(list.Length > 0 ? "," : "").Append('"').Append(Convert.ToHexStringLower(transaction.ToBytes())).Append('"');
        }

        return daemon.CallAsync("/", "generateblock", $"[\"{Key.Address}\",[{list}]]");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    // One key that everything is paid to.
    private static class Key
    {
        private static readonly PrivateKey Secret = PrivateKey.FromBytes([.. Enumerable.Repeat((byte)9, 32)]);
        private static readonly Script Script = ScriptTemplates.PayToPubKeyHash(Secret.PublicKey.Id);

        public static readonly string Address = AddressCodec.Encode(Destination.FromScript(Script), ChainParams.Regtest.Prefixes);

        public static Transaction Pay(OutPoint from, Amount each, int outputs)
        {
            var unsigned = new Transaction(
                [new TxIn(from, Script.Empty, TxIn.FinalSequence)], [.. Enumerable.Repeat(new TxOut(each, Script), outputs)], lockTime: 0);
            var hash = SignatureHash.Compute(unsigned, 0, Script, SigHashType.All);
            var unlock = new ScriptBuilder().Push([.. Secret.Sign(hash), (byte)SigHashType.All]).Push(Secret.PublicKey.Bytes).Build();
            return unsigned with { Inputs = [unsigned.Inputs[0] with { ScriptSig = unlock }] };
        }
    }
}
