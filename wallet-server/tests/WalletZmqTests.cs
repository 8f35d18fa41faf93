using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Node.Tests.Services;
using Dash.WalletServer.Rpc.Events;
using Dash.WalletServer.Tests.Scenario;

namespace Dash.WalletServer.Tests;

public sealed class WalletZmqTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_of_the_event_log_are_published_in_their_order()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        var port = FreePort();
        using var publisher = WalletZmq.Open([$"tcp://127.0.0.1:{port}"], 1000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = publisher.RunAsync(wallets.Directory, wallets.Clock, stop.Token);
        using var subscriber = await ZmtpSubscriber.ConnectAsync(port, ["walletevent"], Ct);

        // A publisher learns of a wish some time after it was made.
        do
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(1))));
        }
        while (!await subscriber.HasNextAsync(TimeSpan.FromSeconds(1), Ct));

        var first = await subscriber.NextAsync(Ct);
        var payment = chain.Pay((await wallet.NewScript(), Scenarios.Coins(2)));
        await wallet.Mempool(payment);
        var second = await subscriber.NextAsync(Ct);
        Assert.Equal(first.Number + 1, second.Number);
        using var body = JsonDocument.Parse(second.Body);
        Assert.Equal("w", body.RootElement.GetProperty("wallet").GetString());
        var told = body.RootElement.GetProperty("event");
        Assert.Equal("added", told.GetProperty("type").GetString());
        Assert.Equal(payment.Txid.ToString(), told.GetProperty("txid").GetString());
        Assert.Equal(wallet.Snapshot.NextEvent - 1, told.GetProperty("seq").GetInt64());

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(wallet.Snapshot.NextEvent - 1, wallet.Snapshot.Followed["published"]);
    }

    [Fact]
    public void An_address_that_cannot_be_opened_is_named()
    {
        var refused = Assert.Throws<StartupException>(() => WalletZmq.Open(["nonsense"], 1000));
        Assert.Contains("nonsense", refused.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // bound, so it has one
    }
}
