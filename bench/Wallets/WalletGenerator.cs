using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Common.Time;
using Dash.Primitives.Blocks;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.Bench.Wallets;

/// <summary>
/// Makes a wallet of a given size and the regtest chain it lives on: <c>node/regtest</c> is a node's data directory,
/// <c>wallet/wallet.dat</c> the wallet. The same every time; dashd opens both.
/// </summary>
internal sealed class WalletGenerator(WalletSize size, string directory, TextWriter output)
{
    // Blocks are 150 s apart from here on, seconds since 1970.
    private const long Birth = 1_700_000_000;
    private const int Spacing = 150;
    private const int Maturity = 100;
    private const int LeastReward = 100; // DASH, whatever share others get

    /// <summary>The data directory of the node.</summary>
    public string NodeDirectory => Path.Combine(directory, size.Name, "node");

    /// <summary>The wallet's directory, which holds its file.</summary>
    public string WalletDirectory => Path.Combine(directory, size.Name, "wallet");

    /// <summary>Makes both, unless they are there.</summary>
    public async Task RunAsync()
    {
        if (File.Exists(Path.Combine(directory, size.Name, "done")))
        {
            output.WriteLine($"{size.Name}: there already");
            return;
        }

        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(NodeDirectory);
        int height;
        await using (var node = await MeasuredDaemon.StartAsync(
            Path.Combine(Programs.Directory, "dash-node"), Path.Combine(NodeDirectory, "regtest", ".cookie"),
            "-regtest", "-datadir=" + NodeDirectory, "-disablewallet", "-listen=0", "-dbcache=400"))
        {
            height = await FillAsync(node, watch);
        }

        File.WriteAllText(Path.Combine(directory, size.Name, "done"), height.ToString(CultureInfo.InvariantCulture));
        var file = new FileInfo(Path.Combine(WalletDirectory, "wallet.dat"));
        output.WriteLine($"{size.Name}: {watch.Elapsed.TotalSeconds:F0} s, wallet.dat {file.Length >> 20} MiB");
    }

    private async Task<int> FillAsync(MeasuredDaemon node, Stopwatch watch)
    {
        await SetTimeAsync(node, 0);
        Clock clock = new();
        clock.SetMockTime(Birth);
        await using WalletDirectory wallets = new(
            Path.Combine(directory, size.Name), ChainParams.Regtest, WalletSettings.Default with { UnsafeSqliteSync = true }, null, clock);
        var wallet = wallets.Create("wallet", new NewWalletOptions { Mnemonic = TestKeys.Words }, loadOnStart: null).Wallet;
        var genesis = ChainParams.Regtest.Genesis.Header;
        await wallet.StartAtAsync([new BlockPoint(genesis.Hash, 0)], genesis.Time, CancellationToken.None);

        var height = 0;
        List<(OutPoint Place, Amount Value)> funds = [];
        var paying = PaymentSource.FundsNeeded(size) / LeastReward;
        for (; height < paying + Maturity; height++)
        {
            var mined = await MineAsync(node, wallet, clock, height + 1, []);
            if (height < paying)
            {
                funds.AddRange(Spendable(mined.Transactions[0]));
            }
        }

        using TestKeys keys = new();
        PaymentSource source = new(size, keys, funds);
        var reported = TimeSpan.Zero;
        for (var made = 0; source.HasMore;)
        {
            List<Transaction> txs = [];
            while (source.HasMore && txs.Count < size.PerBlock)
            {
                txs.Add(source.Next());
            }

            await MineAsync(node, wallet, clock, ++height, txs);
            made += txs.Count;
            if (watch.Elapsed - reported > TimeSpan.FromSeconds(20))
            {
                reported = watch.Elapsed;
                output.WriteLine($"{size.Name}: {made} of {size.Transactions} transactions after {reported.TotalSeconds:F0} s");
            }
        }

        var snapshot = wallet.Snapshot;
        if (snapshot.TxCount != size.Transactions || snapshot.Coins.Count != size.Unspent)
        {
            throw new InvalidOperationException($"the wallet has {snapshot.TxCount} transactions and {snapshot.Coins.Count} coins");
        }

        return height;
    }

    private static IEnumerable<(OutPoint Place, Amount Value)> Spendable(Transaction tx) => tx.Outputs
        .Select((txOut, index) => (Place: new OutPoint(tx.Txid, (uint)index), txOut.Value, txOut.ScriptPubKey))
        .Where(static made => made.ScriptPubKey.Equals(PaymentSource.Anybody))
        .Select(static made => (made.Place, made.Value));

    private static async Task<Block> MineAsync(
        MeasuredDaemon node, Wallet wallet, Clock clock, int height, IReadOnlyList<Transaction> txs)
    {
        await SetTimeAsync(node, height);
        StringBuilder list = new();
        foreach (var tx in txs)
        {
            list.Append(list.Length > 0 ? ",\"" : "\"").Append(Hex.Encode(tx.ToBytes())).Append('"');
        }

        var mined = await node.CallAsync("/", "generateblock", $"[\"{DescriptorChecksum.Add("raw(51)")}\",[{list}]]");
        var hash = mined.GetProperty("hash").GetString();
        var raw = (await node.CallAsync("/", "getblock", $"[\"{hash}\",0]")).GetString();
        var data = Hex.Decode(raw!); // a block that was just made is there
        var block = Block.Parse(data);
        clock.SetMockTime(TimeAt(height));
        var facts = new BlockFacts(block.Header.Hash, height, block.Header.Previous, block.Header.Time, block.Header.Time, data);
        return await wallet.ConnectAsync([facts], null, wallet.Clock.UnixSeconds, CancellationToken.None)
            ? block
            : throw new InvalidOperationException($"the wallet did not take block {height}");
    }

    private static long TimeAt(int height) => Birth + ((long)height * Spacing);

    private static Task<JsonElement> SetTimeAsync(MeasuredDaemon node, int height) =>
        node.CallAsync("/", "setmocktime", string.Create(CultureInfo.InvariantCulture, $"[{TimeAt(height)}]"));
}
