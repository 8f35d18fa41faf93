using Dash.Ipc.Capabilities;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

public sealed class SpenderTests
{
    private static readonly Amount One = Amount.OneDash;

    private static readonly Script Stranger = ScriptTemplates.PayToPubKeyHash(Hashes.Hash160("stranger"u8));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_is_stored_and_in_the_mempool_when_it_is_answered()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.Null(sent.Refusal);
        Assert.Equal("Fallback fee", sent.FeeReason);
        Assert.Equal(sent.Txid, Assert.Single(host.Chain.Mempool).Txid);
        Assert.IsType<TxState.InMempool>(StateOf(wallet, sent.Txid));
        Assert.Equal((One * 9) - sent.Payment.Fee, WalletHost.Trusted(wallet));
        host.Chain.Mine(Assert.Single(host.Chain.Mempool));
        await host.SyncedAsync();
        Assert.Equal((One * 9) - sent.Payment.Fee, WalletHost.Trusted(wallet));
        Assert.Empty(wallet.Snapshot.Pending);
    }

    [Fact]
    public async Task Payments_at_the_same_time_never_pick_the_same_coin()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host, coins: 8);

        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.SendAsync(wallet, Stranger, One * 6)));

        var spent = sent.SelectMany(payment => payment.Payment.Tx.Inputs).Select(input => input.PreviousOutput).ToList();
        Assert.Equal(spent.Count, spent.Distinct().Count());
        Assert.Equal(8, host.Chain.Mempool.Count);
    }

    [Fact]
    public async Task What_the_wallet_cannot_pay_is_refused_and_changes_nothing()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        var before = wallet.Snapshot.Sequence;

        var refused = await Assert.ThrowsAsync<WalletException>(() => host.SendAsync(wallet, Stranger, One * 100));

        Assert.Equal((WalletError.InsufficientFunds, "Insufficient funds."), (refused.Error, refused.Message));
        Assert.Empty(host.Chain.Offered);
        Assert.Equal(before, wallet.Snapshot.Sequence);
    }

    [Fact]
    public async Task A_payment_the_node_refuses_stays_in_the_wallet_and_is_offered_to_the_next_node()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.Refusal = "mempool full";

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.Equal("mempool full", sent.Refusal);
        Assert.Equal(TxState.Inactive.Waiting, StateOf(wallet, sent.Txid));
        Assert.Contains(host.Log.Lines, line => line.Contains("cannot be broadcast immediately, mempool full", StringComparison.Ordinal));

        await host.NodeDiesAsync();
        host.Chain.Refusal = null;
        host.Attach();
        await host.SyncedAsync();
        Assert.Equal(sent.Txid, Assert.Single(host.Chain.Mempool).Txid);
        Assert.IsType<TxState.InMempool>(StateOf(wallet, sent.Txid));
    }

    [Fact]
    public async Task A_node_that_goes_between_store_and_broadcast_gets_the_payment_when_it_is_back()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.OnBroadcast = host.Chain.Die;

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.NotNull(sent.Refusal);
        Assert.Empty(host.Chain.Mempool);
        await host.EndedAsync();
        host.Chain.OnBroadcast = null;
        host.Attach();
        await host.SyncedAsync();
        Assert.Equal(sent.Txid, Assert.Single(host.Chain.Mempool).Txid);
        Assert.Single(host.Chain.Offered);
    }

    [Fact]
    public async Task A_node_that_goes_after_its_quote_still_gets_a_stored_payment()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.OnQuote = host.Chain.Die;

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.NotNull(sent.Refusal);
        Assert.True(wallet.Snapshot.Pending.ContainsKey(sent.Txid));
    }

    [Fact]
    public async Task Without_a_node_nothing_is_paid()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        await host.NodeDiesAsync();

        var refused = await Assert.ThrowsAsync<IpcException>(() => host.SendAsync(wallet, Stranger, One));

        Assert.Equal(IpcErrorKind.Disconnected, refused.Kind);
        Assert.Equal("Not connected to a node (test)", refused.Message);
        Assert.Empty(wallet.Snapshot.Pending);
        Assert.Equal(One * 10, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_wallet_that_does_not_broadcast_keeps_its_payments_to_itself()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, Broadcast = false });
        var wallet = await RichAsync(host);

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.Null(sent.Refusal);
        Assert.Empty(host.Chain.Offered);
        Assert.True(wallet.Snapshot.Pending.ContainsKey(sent.Txid));
    }

    [Fact]
    public async Task What_waits_is_offered_again_after_hours_and_not_before()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.Refusal = "not now";
        var sent = await host.SendAsync(wallet, Stranger, One);
        host.Chain.Refusal = null;
        host.Chain.Mine(1200);
        await host.SyncedAsync();
        host.Chain.Offered.Clear();

        await host.Rebroadcast.ResendAsync(Ct); // only sets the time
        host.Clock.SetMockTime(host.Clock.MockTime + (59 * 60));
        await host.Rebroadcast.ResendAsync(Ct);
        Assert.Empty(host.Chain.Offered);

        host.Clock.SetMockTime(host.Clock.MockTime + (3 * 60 * 60));
        await host.Rebroadcast.ResendAsync(Ct);
        Assert.Equal(sent.Txid, Assert.Single(host.Chain.Offered).Txid);
        Assert.IsType<TxState.InMempool>(StateOf(wallet, sent.Txid));
    }

    private static TxState? StateOf(Wallet wallet, Txid txid) => wallet.Snapshot.Pending.Find(txid)?.Tx.State;

    private static async Task<Wallet> RichAsync(WalletHost host, int coins = 1)
    {
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        for (var i = 0; i < coins; i++)
        {
            host.Chain.Mine(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), One * 10));
        }

        await host.SyncedAsync();
        return wallet;
    }
}
