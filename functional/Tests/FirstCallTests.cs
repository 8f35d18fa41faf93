using System.Net.Sockets;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>What a caller hears who asks as soon as the wallet daemon answers at all.</summary>
public sealed class FirstCallTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_that_is_the_first_call_answered_is_made_where_the_node_is_there()
    {
        await using var cluster = await TestCluster.StartAsync();
        var to = await cluster.Bob.TextAsync("getnewaddress");
        await cluster.Wallet.Rpc.CallAsync("unloadwallet", "alice");
        await cluster.Wallet.Rpc.CallAsync("loadwallet", "alice", true);
        var (refused, rounds) = (0, FaultCount.Or(5));
        for (var round = 0; round < rounds; round++)
        {
            await cluster.Wallet.KillAsync();
            await cluster.Wallet.LaunchAsync();
            var answer = await FirstAnswerAsync(cluster, to);
            refused += answer is { Code: -9 } ? 1 : 0;
            Assert.True(answer is null or { Code: -9 }, answer?.Message);
        }

        TestContext.Current.SendDiagnosticMessage($"{refused} of {rounds} first payments refused");
        Assert.Equal(0, refused);
    }

    /// <summary>Something takes the connection and says nothing: what needs no node is answered.</summary>
    [Fact]
    public async Task A_node_that_says_nothing_holds_up_no_call_that_does_not_need_it()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "silent.sock");
        using Socket silent = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(path));
        silent.Listen();
        await using TestWallet wallet = new(directory.Path, "-ipcconnect=unix:" + path);
        await wallet.StartAsync();

        await wallet.Rpc.CallAsync("createwallet", "alice");
        Assert.NotEmpty(await wallet.Rpc.Wallet("alice").TextAsync("getnewaddress"));
        Assert.Equal(-9, (await wallet.Rpc.Wallet("alice").RefusedAsync("sendtoaddress", await wallet.Rpc.Wallet("alice").TextAsync("getnewaddress"), 1m)).Code);
        await wallet.StopAsync();
    }

    // Null if it was paid. A daemon that starts has no port, then no cookie that counts, then says that it is loading.
    private static async Task<RpcException?> FirstAnswerAsync(TestCluster cluster, string to)
    {
        using CancellationTokenSource patience = new(Wait.Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Ct, patience.Token);
        while (true)
        {
            either.Token.ThrowIfCancellationRequested();
            try
            {
                await cluster.Alice.TextAsync("sendtoaddress", to, 0.01m);
                return null;
            }
            catch (RpcException answer) when (answer.Code is not -28)
            {
                return answer;
            }
            catch (Exception starting) when (starting is RpcException or HttpRequestException or IOException)
            {
                await Task.Yield();
            }
        }
    }
}
