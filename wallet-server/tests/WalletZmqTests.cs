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
        var path = Path.Combine(wallets.Root, "zmq");
        using var publisher = WalletZmq.Open(["unix:" + path], 1000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = publisher.RunAsync(wallets.Directory, wallets.Clock, stop.Token);
        using var subscriber = await ZmtpSubscriber.ConnectAsync(path, ["walletevent"], Ct);

        // A publisher learns of a wish some time after it was made.
        do
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(1))));
        }
        while (!await subscriber.HasNextAsync(TimeSpan.FromSeconds(1), Ct));

        // Each line once; of those before it some may still be on their way.
        var payment = chain.Pay((await wallet.NewScript(), Scenarios.Coins(2)));
        await wallet.Mempool(payment);
        var heard = await subscriber.NextAsync(Ct);
        for (var last = SequenceOf(heard); last < wallet.Snapshot.NextEvent - 1; last++)
        {
            var next = await subscriber.NextAsync(Ct);
            Assert.Equal((heard.Number + 1, last + 1), (next.Number, SequenceOf(next)));
            heard = next;
        }

        using var body = JsonDocument.Parse(heard.Body);
        Assert.Equal("w", body.RootElement.GetProperty("wallet").GetString());
        var told = body.RootElement.GetProperty("event");
        Assert.Equal("added", told.GetProperty("type").GetString());
        Assert.Equal(payment.Txid.ToString(), told.GetProperty("txid").GetString());

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(wallet.Snapshot.NextEvent - 1, wallet.Snapshot.Followed["published"]);

        static long SequenceOf(ZmtpSubscriber.Message message)
        {
            using var line = JsonDocument.Parse(message.Body);
            return line.RootElement.GetProperty("event").GetProperty("seq").GetInt64();
        }
    }

    [Fact]
    public void An_address_that_cannot_be_opened_is_named()
    {
        var refused = Assert.Throws<StartupException>(() => WalletZmq.Open(["nonsense"], 1000));
        Assert.Contains("nonsense", refused.Message, StringComparison.Ordinal);
    }
}
