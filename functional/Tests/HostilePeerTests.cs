using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// Peers that say nonsense, hang or come in crowds: the node stays up and small, and serves the others. The environment
/// variable DASH_HOSTILE says how many messages are tried, by hand; a few thousand otherwise.
/// </summary>
public sealed class HostilePeerTests
{
    private const string RegtestSporkKey = "-sporkkey=cP4EKFyJsHT39LDqgdcB43Y3YXjNyjb5Fuas1GQSeAtjnZWmZEQK";
    private const long MostGrowthKib = 200 * 1024;
    private const int Few = 3000;

    private static readonly string[] Types =
    [
        "version", "verack", "addr", "addrv2", "sendaddrv2", "inv", "getdata", "merkleblock", "getblocks", "getheaders", "tx", "headers", "block",
        "getaddr", "mempool", "ping", "pong", "notfound", "filterload", "filteradd", "filterclear", "sendheaders", "sendcmpct", "cmpctblock",
        "getblocktxn", "blocktxn", "getcfilters", "cfilter", "getcfheaders", "cfheaders", "getcfcheckpt", "cfcheckpt", "sendtxrcncl", "spork",
        "getsporks", "dsa", "dsi", "dsf", "dss", "dsc", "dssu", "dstx", "dsq", "senddsq", "ssc", "govsync", "govobj", "govobjvote", "getmnlistd",
        "mnlistdiff", "qsendrecsigs", "qfcommit", "qcontrib", "qcomplaint", "qjustify", "qpcommit", "qwatch", "qsigsesann", "qsigsinv", "qgetsigs",
        "qbsigs", "qsigrec", "qsigshare", "qgetdata", "qdata", "clsig", "isdlock", "mnauth", "getheaders2", "sendheaders2", "headers2", "getqrinfo",
        "qrinfo", "platformban", "nonsense",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Messages =>
        int.TryParse(Environment.GetEnvironmentVariable("DASH_HOSTILE"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : Few;

    [Fact]
    public async Task Spoiled_messages_harm_nobody()
    {
        using TempDirectory directory = new();
        var port = Ports.Free();
        await using TestNode node = Open(directory, port, RegtestSporkKey);
        await node.StartAsync();
        var blocks = await SeedsAsync(node);
        await ListenToAllAsync(node);
        using var honest = await RawPeer.GreetAsync(port, Ct);
        using var follower = await RawPeer.GreetAsync(port, Ct);
        await honest.PingAsync(1, Ct);
        await follower.PingAsync(1, Ct);
        var before = MemoryKib(node);
        var watch = Stopwatch.StartNew();
        var slowest = TimeSpan.Zero;
        var slowestBlock = TimeSpan.Zero;
        var mined = 0;
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var pinging = Task.Run(async () =>
        {
            for (ulong nonce = 2; !done.IsCancellationRequested; nonce++)
            {
                var start = watch.Elapsed;
                await honest.PingAsync(nonce, Ct);
                slowest = watch.Elapsed - start > slowest ? watch.Elapsed - start : slowest;
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
            }
        });
        var following = Task.Run(async () =>
        {
            do
            {
                var start = watch.Elapsed;
                await HearsOfBlockAsync(node, follower);
                mined++;
                slowestBlock = watch.Elapsed - start > slowestBlock ? watch.Elapsed - start : slowestBlock;
                await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, Ct);
            }
            while (!done.IsCancellationRequested);
        });
        const int Liars = 4;
        var reconnects = await Task.WhenAll(Enumerable.Range(0, Liars).Select(i => Task.Run(() => SpoilAsync(port, FaultCount.Seed + i, Messages / Liars, blocks))));
        await done.CancelAsync();
        await pinging;
        await following;

        Assert.False(node.Process!.HasExited, node.LastLog());
        Assert.Equal(3 + mined, await node.Rpc.IntAsync("getblockcount"));
        var growth = MemoryKib(node) - before;
        TestContext.Current.SendDiagnosticMessage(
            $"{Messages} messages in {watch.Elapsed.TotalSeconds:F0} s, {reconnects.Sum()} disconnections, memory +{growth / 1024} MiB, slowest ping {slowest.TotalMilliseconds:F0} ms, slowest of {mined} new blocks {slowestBlock.TotalMilliseconds:F0} ms, seed {FaultCount.Seed}");
        Assert.True(growth < MostGrowthKib, $"memory grew by {growth} KiB");
        Assert.True(slowest < TimeSpan.FromSeconds(20), $"an honest peer waited {slowest}");
        Assert.True(slowestBlock < TimeSpan.FromSeconds(20), $"an honest peer waited {slowestBlock} for a block");
        await node.StopAsync();
    }

    [Fact]
    public async Task Hundreds_of_connections_that_hang_are_let_go()
    {
        using TempDirectory directory = new();
        var port = Ports.Free();
        await using TestNode node = Open(directory, port, "-maxconnections=600", "-peertimeout=15");
        await node.StartAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await node.Rpc.CallAsync("setmocktime", now); // nobody is let go before all are there, however long that takes
        using var honest = await RawPeer.GreetAsync(port, Ct);
        await honest.PingAsync(1, Ct);
        var before = MemoryKib(node);
        for (var round = 0; round < (Messages > Few ? 5 : 1); round++)
        {
            List<RawPeer> silent = [];
            try
            {
                for (var i = 0; i < 500; i++)
                {
                    var peer = await RawPeer.ConnectAsync(port, Ct);
                    silent.Add(peer);
                    if (i % 3 == 1) await peer.SendRawAsync(RawPeer.Frame("version", new byte[100]).AsMemory(0, 1 + (i % 90)), Ct); // half a message
                    if (i % 3 == 2) await peer.SendRawAsync(new byte[64], Ct); // a key of the encrypted transport, and no more
                }

                await Wait.Until("500 connections", async () => await node.Rpc.IntAsync("getconnectioncount") == 501, node.LastLog);
                await honest.PingAsync(2, Ct);
                await HearsOfBlockAsync(node, honest);
                var during = MemoryKib(node);
                Assert.True(during - before < MostGrowthKib, $"memory grew by {during - before} KiB");
                now += 16;
                await node.Rpc.CallAsync("setmocktime", now);
                await Wait.Until("the silent ones are gone", async () => await node.Rpc.IntAsync("getconnectioncount") == 1, node.LastLog);
                await honest.PingAsync(3, Ct);
                await HearsOfBlockAsync(node, honest);
                TestContext.Current.SendDiagnosticMessage(
                    $"501 connections, memory {before / 1024} MiB before, {during / 1024} MiB with them, {MemoryKib(node) / 1024} MiB after they were let go");
            }
            finally
            {
                silent.ForEach(peer => peer.Dispose());
            }
        }

        await node.StopAsync();
    }

    [Fact]
    public async Task A_peer_that_asks_and_does_not_read_costs_little()
    {
        using TempDirectory directory = new();
        var port = Ports.Free();
        await using TestNode node = Open(directory, port);
        await node.StartAsync();
        var blocks = await SeedsAsync(node);
        using var honest = await RawPeer.GreetAsync(port, Ct);
        using var greedy = await RawPeer.GreetAsync(port, Ct);
        await honest.PingAsync(1, Ct);
        var before = MemoryKib(node);

        // Each asks for 1,000 blocks; nothing of the answers is read.
        var request = GetData(blocks.Hash, 1000);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 2000; i++)
                {
                    await greedy.SendAsync("getdata", request, patience.Token);
                    await greedy.SendAsync("ping", new byte[8], patience.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The node stopped reading, or hung up.
            }
        });
        for (ulong nonce = 2; nonce < 50; nonce++)
        {
            await honest.PingAsync(nonce, Ct);
            if (nonce % 10 == 0) await HearsOfBlockAsync(node, honest);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        var growth = MemoryKib(node) - before;
        await patience.CancelAsync();
        await asking;
        TestContext.Current.SendDiagnosticMessage($"memory {before / 1024} MiB before, {(before + growth) / 1024} MiB with answers that are not read");
        Assert.True(growth < MostGrowthKib, $"memory grew by {growth} KiB");
        await node.StopAsync();
    }

    // A new block is announced to the peer, and given when it asks.
    private static async Task HearsOfBlockAsync(TestNode node, RawPeer peer)
    {
        var made = await node.Rpc.CallAsync("generatetodescriptor", 1, "raw(51)#8lvh9jxk");
        var hash = Convert.FromHexString(made[0].GetString()!).Reverse().ToArray();
        await ReadUntilAsync(peer, (type, payload) => type == "inv" && payload.AsSpan().IndexOf(hash) >= 0);
        await peer.SendAsync("getdata", GetData(hash, 1), Ct);
        await ReadUntilAsync(peer, (type, _) => type == "block");
    }

    private static async Task ReadUntilAsync(RawPeer peer, Func<string, byte[], bool> isWanted)
    {
        while (true)
        {
            var (type, payload) = await peer.ReceiveAsync(Ct);
            if (isWanted(type, payload)) return;
            if (type == "ping") await peer.SendAsync("pong", payload, Ct);
        }
    }

    private static TestNode Open(TempDirectory directory, int port, params string[] more) =>
        new(directory.Path, ["-disablewallet", "-listen=1", $"-bind=127.0.0.1:{port}", $"-bind=127.0.0.1:{Ports.Free()}=onion", "-connect=0", "-dnsseed=0", .. more]);

    // Messages of masternodes, governance and locks are read only when these are on and the chain is there.
    private static async Task ListenToAllAsync(TestNode node)
    {
        foreach (var spork in (string[])["SPORK_2_INSTANTSEND_ENABLED", "SPORK_17_QUORUM_DKG_ENABLED", "SPORK_19_CHAINLOCKS_ENABLED"])
        {
            await node.Rpc.CallAsync("sporkupdate", spork, 0);
        }

        await node.Rpc.CallAsync("mnsync", "next");
        await node.Rpc.CallAsync("mnsync", "next");
    }

    // Real messages, from which the spoiled ones are made.
    private static async Task<(byte[] Hash, List<(string Type, byte[] Payload)> Messages)> SeedsAsync(TestNode node)
    {
        await node.Rpc.CallAsync("generatetodescriptor", 3, "raw(51)#8lvh9jxk");
        var tip = await node.Rpc.TextAsync("getbestblockhash");
        var block = Convert.FromHexString(await node.Rpc.TextAsync("getblock", tip, 0));
        var hash = Convert.FromHexString(tip).Reverse().ToArray();
        byte[] header = block[..80];
        byte[] locator = [0x60, 0x12, 1, 0, 1, .. hash, .. new byte[32]];
        List<(string, byte[])> messages =
        [
            ("block", block), ("headers", [1, .. header, 0]), ("headers2", [1, 0x38, .. header]), ("cmpctblock", [.. header, .. new byte[8], 0, 1, 0, .. block[81..]]),
            ("tx", block[81..]), ("getheaders", locator), ("getheaders2", locator), ("getblocks", locator), ("inv", [1, 2, 0, 0, 0, .. hash]),
            ("getdata", GetData(hash, 1)), ("notfound", GetData(hash, 1)), ("getblocktxn", [.. hash, 1, 0]), ("blocktxn", [.. hash, 1, .. block[81..]]),
            ("addr", [1, 0, 0, 0, 0x60, .. new byte[8], .. new byte[10], 0xff, 0xff, 8, 8, 8, 8, 0x27, 0x0f]),
            ("addrv2", [1, 0, 0, 0, 0x60, 1, 1, 4, 8, 8, 8, 8, 0x27, 0x0f]), ("ping", new byte[8]), ("sendcmpct", [1, 1, 0, 0, 0, 0, 0, 0, 0]),
            ("getmnlistd", [.. new byte[32], .. hash]), ("getqrinfo", [1, .. hash, .. hash, 1]), ("clsig", [3, 0, 0, 0, .. hash, .. new byte[96]]), ("filterload", [3, 1, 2, 3, 5, 0, 0, 0, 0, 0, 0, 0, 1]),
            ("isdlock", [1, 1, .. new byte[36], .. new byte[32], .. new byte[32], .. new byte[96]]), ("getcfheaders", [0, 0, 0, 0, 0, .. hash]),
            ("govsync", [.. new byte[32], 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), ("mnauth", [.. hash, .. new byte[96]]), ("platformban", [.. hash, 2, 0, 0, 0, .. hash, .. new byte[96]]),
            ("govobj", [.. new byte[32 + 4 + 8 + 32], 2, 0x7b, 0x7d, 1, 0, 0, 0, .. new byte[36], 0]), ("govobjvote", [.. new byte[36 + 32 + 4 + 4 + 8], 0]),
            ("dsq", [1, 0, 0, 0, .. hash, .. new byte[8], 1, 0]), ("qsigrec", [100, .. hash, .. hash, .. hash, .. new byte[96]]), ("ssc", [10, 0, 0, 0, 1, 0, 0, 0]),
            ("qfcommit", [3, 0, 100, .. hash, 3, 7, 3, 7, .. new byte[48 + 32 + 96 + 96]]), ("spork", [0x11, 0x27, 0, 0, .. new byte[16], 65, .. new byte[65]]),
        ];
        return (hash, messages);
    }

    private static byte[] GetData(byte[] hash, int count)
    {
        using MemoryStream buffer = new();
        buffer.Write(count < 0xfd ? [(byte)count] : [0xfd, (byte)count, (byte)(count >> 8)]);
        for (var i = 0; i < count; i++)
        {
            buffer.Write([2, 0, 0, 0, .. hash]);
        }

        return buffer.ToArray();
    }

    private static async Task<int> SpoilAsync(int port, int seed, int count, (byte[] Hash, List<(string Type, byte[] Payload)> Messages) seeds)
    {
        Random random = new(seed);
        var sent = 0;
        var reconnects = 0;
        while (sent < count)
        {
            try
            {
                using var peer = await RawPeer.GreetAsync(port, Ct);
                SemaphoreSlim answered = new(0);
                var reading = ListenAsync(peer, answered);
                while (sent < count && !reading.IsCompleted)
                {
                    // Not faster than they are handled: each hundred ends with a ping that is waited for.
                    for (var i = 0; i < 100 && sent < count; i++, sent++)
                    {
                        await peer.SendRawAsync(Spoiled(random, seeds.Messages), Ct);
                    }

                    await peer.SendAsync("ping", new byte[8], Ct);
                    await Task.WhenAny(reading, answered.WaitAsync(Ct));
                }
            }
            catch (IOException)
            {
                // hung up on
            }

            reconnects++;
        }

        return reconnects;
    }

    private static async Task ListenAsync(RawPeer peer, SemaphoreSlim answered)
    {
        try
        {
            while (true)
            {
                var (type, payload) = await peer.ReceiveAsync(Ct);
                if (type == "pong" && payload.Length == 8) answered.Release();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // hung up on
        }
    }

    private static byte[] Spoiled(Random random, List<(string Type, byte[] Payload)> seeds)
    {
        var (type, seed) = seeds[random.Next(seeds.Count)];
        var payload = seed.ToArray();
        switch (random.Next(6))
        {
            case 0: // bits
                for (var i = random.Next(1, 6); i > 0 && payload.Length > 0; i--) payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1: // cut off
                payload = payload[..random.Next(payload.Length)];
                break;
            case 2: // more than there should be
                payload = [.. payload, .. payload, 0xff];
                break;
            case 3: // a count or length of the greatest size somewhere
                if (payload.Length > 9)
                {
                    var at = random.Next(payload.Length - 9);
                    payload[at] = 0xff;
                    BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(at + 1), (ulong)random.NextInt64());
                }

                break;
            case 4: // noise
                payload = new byte[random.Next(300)];
                random.NextBytes(payload);
                type = Types[random.Next(Types.Length)];
                break;
            default: // what belongs to another message
                type = Types[random.Next(Types.Length)];
                break;
        }

        var frame = RawPeer.Frame(type, payload);
        if (random.Next(200) == 0) frame[random.Next(16)] ^= (byte)(1 << random.Next(8)); // and now and then the header; a greater length would only be waited for
        return frame;
    }

    private static long MemoryKib(TestNode node)
    {
        var line = File.ReadLines($"/proc/{node.Process!.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
