using Dash.Ipc.Interfaces;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>Payments that build on chains of unconfirmed transactions of which the wallet sees only a part.</summary>
public sealed class MempoolChainsTests
{
    private static readonly Script Stranger = ScriptTemplates.PayToPubKeyHash(Hashes.Hash160("stranger"u8));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_coin_with_long_chains_of_others_behind_it_is_the_last_choice()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var fitting = await ReceiveAsync(host, wallet, 1.5);
        var other = await ReceiveAsync(host, wallet, 5);
        host.Chain.Relatives[fitting.Txid] = new Relatives(10, 2_000, Amount.Zero, 10);
        host.Chain.Relatives[other.Txid] = new Relatives(1, 200, Amount.Zero, 1);

        Assert.Equal(other.Txid, await PayAsync(host, wallet, 1));
        await host.SendAsync(wallet, Stranger, Amount.FromDash(5));
        Assert.Contains(fitting.Txid, host.Chain.Offered[^1].Inputs.Select(static input => input.PreviousOutput.Txid));
    }

    [Theory]
    [InlineData(25, 1)]
    [InlineData(1, 25)]
    public async Task A_coin_on_which_the_mempool_lets_nothing_build_is_not_chosen_at_all(int ancestors, int descendants)
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var coin = await ReceiveAsync(host, wallet, 5);
        host.Chain.Relatives[coin.Txid] = new Relatives(ancestors, 2_000, Amount.Zero, descendants);

        var refused = await Assert.ThrowsAsync<WalletException>(() => PayAsync(host, wallet, 1));

        Assert.Equal(WalletError.InsufficientFunds, refused.Error);
        Assert.Empty(host.Chain.Offered);
        Assert.True(wallet.Holds.IsEmpty);
    }

    /// <summary>Each of its coins may have few transactions behind it, and all together too many.</summary>
    [Fact]
    public async Task A_payment_that_the_mempool_has_no_room_for_is_refused_and_nothing_is_stored()
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        await ReceiveAsync(host, wallet, 5);
        host.Chain.HasRoomFor = static _ => false;

        var refused = await Assert.ThrowsAsync<WalletException>(() => PayAsync(host, wallet, 1));
        Assert.Equal((WalletError.InsufficientFunds, TransactionBuilder.TooLongChain), (refused.Error, refused.Message));
        Transaction tx = new([], [new TxOut(Amount.OneDash, Stranger)]);
        refused = await Assert.ThrowsAsync<WalletException>(() => host.Spender.FundAsync(
            wallet, tx, new HashSet<int>(), CoinControl.Default with { AllowOtherInputs = true }, locksCoins: true, isSent: false, Ct));
        Assert.Equal((WalletError.Wallet, TransactionBuilder.TooLongChain), (refused.Error, refused.Message));
        Assert.Empty(host.Chain.Offered);
        Assert.Single(wallet.Snapshot.Pending.Values);
        Assert.Empty(wallet.Snapshot.LockedCoins);
        Assert.True(wallet.Holds.IsEmpty);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_asks_about_confirmed_coins_or_needs_a_node_that_can_be_asked(bool isConfirmed)
    {
        await using var host = WalletHost.Attached();
        var wallet = await host.NewWalletAsync("alice");
        var coin = await ReceiveAsync(host, wallet, 5);
        if (isConfirmed)
        {
            host.Chain.Mine(coin);
            await host.SyncedAsync();
        }

        host.Chain.HasRoomFor = static _ => false;
        host.Chain.IsOlder = !isConfirmed;

        Assert.Equal(coin.Txid, await PayAsync(host, wallet, 1));
    }

    // Locked, so that it counts before any block.
    private static async Task<Transaction> ReceiveAsync(WalletHost host, Wallet wallet, double amount)
    {
        var payment = await host.PayAsync(wallet, new Amount((long)(amount * Amount.DuffsPerDash)));
        host.Chain.Receive(payment);
        host.Chain.LockTransaction(payment);
        await host.SyncedAsync();
        return payment;
    }

    // Which transaction's coin paid it.
    private static async Task<Txid> PayAsync(WalletHost host, Wallet wallet, long amount)
    {
        await host.SendAsync(wallet, Stranger, Amount.FromDash(amount));
        return Assert.Single(host.Chain.Offered[^1].Inputs).PreviousOutput.Txid;
    }
}
