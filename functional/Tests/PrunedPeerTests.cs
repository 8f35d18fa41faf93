using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>What a node that prunes tells peers of its blocks.</summary>
public sealed class PrunedPeerTests
{
    private const int Height = 300;
    private const int FirstTold = Height - 288 + 24 + 1; // of the 288 that are kept those of the last hour may go before they are asked for

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Where the names a peer asks for would begin beneath what is kept, none is told: those above would be of no use to it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Names_of_blocks_that_may_be_gone_are_not_told(bool isDashCore)
    {
        if (isDashCore && Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        using TempDirectory directory = new();
        var port = Ports.Free();
        await using BareDaemon node = new(
            isDashCore ? Programs.Dashd! : Programs.Node,
            directory.Path,
            ["-prune=1", "-listen=1", $"-bind=127.0.0.1:{port}", $"-bind=127.0.0.1:{Ports.Free()}=onion", "-connect=0", "-dnsseed=0"]);
        await node.StartAsync();
        await node.Rpc.CallAsync("generatetodescriptor", Height, "raw(51)#8lvh9jxk");
        using var peer = await RawPeer.GreetAsync(port, Ct);
        await peer.PingAsync(1, Ct);

        Assert.Empty(await NamesAsync(node, peer, after: 0));
        Assert.Empty(await NamesAsync(node, peer, after: FirstTold - 2));
        var told = await NamesAsync(node, peer, after: FirstTold - 1);
        Assert.Equal(Height - FirstTold + 1, told.Count);
        Assert.Equal(await node.Rpc.TextAsync("getblockhash", FirstTold), told[0]);
        Assert.Equal(await node.Rpc.TextAsync("getbestblockhash"), told[^1]);
    }

    // The blocks an inv names in answer to getblocks from a height on.
    private static async Task<List<string>> NamesAsync(BareDaemon node, RawPeer peer, int after)
    {
        var from = Convert.FromHexString(await node.Rpc.TextAsync("getblockhash", after)).Reverse();
        await peer.SendAsync("getblocks", (byte[])[0x60, 0x12, 1, 0, 1, .. from, .. new byte[32]], Ct);

        // Names go out as a batch after the message was handled: the second answer comes after it.
        List<string> names = [];
        for (byte round = 1; round <= 2; round++)
        {
            byte[] nonce = [round, (byte)after, (byte)(after >> 8), 0, 0, 0, 0, 7];
            await peer.SendAsync("ping", nonce, Ct);
            while (true)
            {
                var (type, payload) = await peer.ReceiveAsync(Ct);
                if (type == "pong" && payload.AsSpan().SequenceEqual(nonce)) break;
                if (type != "inv") continue;
                var start = payload[0] == 0xfd ? 3 : 1;
                Assert.Equal(0, (payload.Length - start) % 36);
                for (var at = start; at < payload.Length; at += 36)
                {
                    Assert.Equal(2, payload[at]);
                    names.Add(Convert.ToHexStringLower([.. payload[(at + 4)..(at + 36)].Reverse()]));
                }
            }
        }

        return names;
    }
}
