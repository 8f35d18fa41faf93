using Dash.Ipc.Capabilities;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>A mempool of more than a message holds: wallets read it in parts, and miss nothing that comes or goes meanwhile.</summary>
public sealed class BigMempoolTests
{
    private static readonly Amount Five = new(500_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wallet_that_joins_and_one_that_is_rescanned_see_all_of_it(bool isOlder)
    {
        await using WalletHost host = new();
        host.Chain.MostInMessage = isOlder ? host.Chain.MostInMessage : 0;
        host.Chain.IsOlder = isOlder;
        host.Chain.MineMany(3);
        var (alice, bob) = (await host.NewWalletAsync("alice"), await host.NewWalletAsync("bob"));
        var first = await host.PayAsync(alice, Five);
        Transaction[] all = [first, await host.PayAsync(bob, Five), Spend(first), await host.PayAsync(alice, Five), await host.PayAsync(alice, Five)];
        foreach (var tx in all) host.Chain.Receive(tx);

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(NodeState.Connected, host.Sync.StatusOf(alice).State);
        Assert.Equal([all[0], all[2], all[3], all[4]], InMempool(alice));
        Assert.Equal([all[1]], InMempool(bob));
        await host.Sync.RescanAsync(alice, 0, null, Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.Equal([all[0], all[2], all[3], all[4]], InMempool(alice));
    }

    [Fact]
    public async Task What_comes_and_goes_between_the_parts_is_seen()
    {
        await using WalletHost host = new();
        host.Chain.MostInMessage = 0;
        var alice = await host.NewWalletAsync("alice");
        Transaction[] txs = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.PayAsync(alice, Five)))];
        foreach (var tx in txs[..4]) host.Chain.Receive(tx);
        host.Chain.OnPart = cursor =>
        {
            if (cursor != 1) return;
            host.Chain.Evict(txs[0]); // was in a part
            host.Chain.Evict(txs[3]); // is in a part that comes
            host.Chain.Receive(txs[4]);
            host.Chain.Receive(txs[5]);
            host.Chain.Evict(txs[5]);
            host.Chain.Mine(txs[1]);
        };

        host.Attach();
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(alice).State == NodeState.Connected);
        await host.SyncedAsync();

        Assert.Equal([txs[2], txs[4]], InMempool(alice));
        Assert.Equal(Five, WalletHost.Trusted(alice));
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("", false, true)]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about", true, true)]
    public async Task A_wallet_of_which_nobody_can_know_does_not_wait_for_it_and_misses_nothing(string words, bool staysUnknown, bool reads)
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("bob");
        host.Chain.Receive(await host.PayAsync(host.Wallets.Find("bob")!, Five));
        await host.SyncedAsync();
        var parts = 0;
        host.Chain.OnPart = _ => Interlocked.Increment(ref parts);

        var alice = host.Wallets.Create("alice", new NewWalletOptions { Mnemonic = words, StaysUnknown = staysUnknown }, loadOnStart: null).Wallet;
        await host.Sync.JoinedAsync(alice, Ct);

        Assert.Equal(reads, parts > 0);
        Assert.Equal(staysUnknown && words.Length == 0, alice.IsUnknown);
        alice.IsUnknown = false;
        var payment = await host.PayAsync(alice, Five);
        host.Chain.Receive(payment);
        await host.SyncedAsync();
        Assert.Equal([payment], InMempool(alice));

        // The next node's it looks at: somebody knows it now.
        await host.NodeDiesAsync();
        var meanwhile = await host.PayAsync(alice, Five);
        host.Chain.Receive(meanwhile);
        host.Attach();
        await host.SyncedAsync();
        Assert.Equal([payment, meanwhile], InMempool(alice));
    }

    [Fact]
    public async Task A_wallet_that_cannot_join_does_not_say_that_it_is_connected()
    {
        await using WalletHost host = new();
        (host.Chain.IsOlder, host.Chain.MostInMessage) = (true, 0);
        var alice = await host.NewWalletAsync("alice");
        host.Chain.Receive(await host.PayAsync(alice, Five));

        host.Attach();

        Assert.IsType<IpcException>(await host.FailedAsync());
        foreach (var wallet in new[] { alice, null })
        {
            var status = host.Sync.StatusOf(wallet);
            Assert.Equal(NodeState.CatchingUp, status.State);
            Assert.Equal("following the node's chain failed (Message is too large to be sent.): it is tried again", status.Reason);
        }

        Assert.DoesNotContain("Node: connected", host.Log.Lines);
        host.Chain.IsOlder = false;
        host.AttachAtOnce();
        await host.SyncedAsync();
        Assert.Equal(NodeState.Connected, host.Sync.StatusOf(alice).State);
    }

    private static Transaction Spend(Transaction tx) => tx with { Inputs = [new TxIn(new OutPoint(tx.Txid, 0), tx.Inputs[0].ScriptSig)] };

    private static IEnumerable<Transaction> InMempool(Wallet wallet) => wallet.Snapshot.Pending.Values
        .Where(static pending => pending.Tx.State is TxState.InMempool).OrderBy(static pending => pending.Tx.Position).Select(static pending => pending.Tx.Tx);
}
