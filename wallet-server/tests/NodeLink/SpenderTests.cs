using System.Collections.Immutable;
using Dash.Ipc.Capabilities;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Spending;
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
    public async Task A_payment_pays_the_estimate_that_was_asked_for()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host, coins: 2);
        host.Chain.Estimate = static target => new(
            target, new FeeRate(20_000), target, new FeeRate(2_000), "Conservative Double Target longer horizon", "Half Target 60% Threshold");

        var sure = await SendAsync(FeeMode.Unset);
        var cheap = await SendAsync(FeeMode.Economical);

        Assert.Equal(("Conservative Double Target longer horizon", new FeeRate(20_000).GetFee(sure.Payment.Size)), (sure.FeeReason, sure.Payment.Fee));
        Assert.Equal(("Half Target 60% Threshold", new FeeRate(2_000).GetFee(cheap.Payment.Size)), (cheap.FeeReason, cheap.Payment.Fee));

        Task<SentPayment> SendAsync(FeeMode mode) => host.Spender.SendAsync(
            wallet, [new Payment(Stranger, One)], CoinControl.Default with { FeeMode = mode, ConfirmTarget = 6 },
            ImmutableSortedDictionary<string, string>.Empty, Ct);
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

    /// <summary>Dash Core makes one payment after the other, each with the change of the last.</summary>
    [Fact]
    public async Task Payments_at_the_same_time_from_one_coin_are_all_made()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);

        var sent = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => host.SendAsync(wallet, Stranger, One))));

        Assert.All(sent, static payment => Assert.Null(payment.Refusal));
        Assert.Equal(6, host.Chain.Mempool.Count);
        Assert.Equal((One * 4) - sent.Aggregate(Amount.Zero, static (sum, payment) => sum + payment.Payment.Fee), WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task Nobody_sees_the_wallet_without_the_change_of_a_payment_that_is_being_offered()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        Amount? seen = null;
        host.Chain.OnBroadcast = () => seen = WalletHost.Trusted(wallet);

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.Equal((One * 9) - sent.Payment.Fee, seen);
    }

    [Fact]
    public async Task A_payment_is_offered_after_the_one_whose_change_it_spends()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        using ManualResetEventSlim gate = new();
        var calls = 0;
        host.Chain.OnBroadcast = () =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                gate.Wait(Ct);
            }
        };

        var first = Task.Run(() => host.SendAsync(wallet, Stranger, One), Ct);
        await WalletHost.UntilAsync(() => calls == 1);
        var second = Task.Run(() => host.SendAsync(wallet, Stranger, One), Ct);
        await WalletHost.UntilAsync(() => wallet.Snapshot.Pending.Count == 2);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct); // it would be offered now
        Assert.Equal(1, calls);
        gate.Set();

        Assert.Equal([(await first).Txid, (await second).Txid], host.Chain.Offered.Select(static tx => tx.Txid));
    }

    [Fact]
    public async Task Who_reads_does_not_wait_for_the_writer_because_of_the_wallets_own_payments_or_locks_of_strangers()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        using ManualResetEventSlim gate = new();
        Task writing = Task.CompletedTask;
        host.Chain.OnBroadcast = () => writing = wallet.ChangeAsync(
            _ =>
            {
                gate.Wait(Ct);
                return Decision<bool>.Of(true);
            },
            Ct);

        await host.SendAsync(wallet, Stranger, One);
        host.Chain.LockTransaction(host.Chain.Pay(Stranger, One));
        await host.Sync.SyncedAsync(wallet, Ct);

        Assert.True(host.Sync.Seen > 0 && !writing.IsCompleted);
        gate.Set();
        await writing;
    }

    /// <summary>A crash right after it must not leave a payment that its key does not name.</summary>
    [Fact]
    public async Task A_transaction_that_was_funded_here_is_stored_with_the_callers_key()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        SpendRequest? known = null;
        host.Chain.OnBroadcast = () => known = wallet.FindRequest("rent");
        var spender = host.Spender.For(new SpendTicket("rent", Hashes.Sha256("rent"u8), null));
        Transaction tx = new([], [new TxOut(One, Stranger)]);

        using var funded = await spender.FundAsync(wallet, tx, new HashSet<int>(), CoinControl.Default with { AllowOtherInputs = true }, false, true, Ct);
        var signed = (await wallet.Signer.SignAsync(funded.Tx, [.. funded.Payment.Spent], wallet.Snapshot.OwnersOf, SigHashType.All, Ct)).Tx;
        await spender.CommitAsync(wallet, signed, funded, Ct);

        Assert.Equal(signed.Txid, known?.Txid);
        Assert.True(wallet.Holds.IsEmpty);
    }

    [Fact]
    public async Task A_payment_that_waits_for_the_right_chain_is_stored_and_offered_to_nobody()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        Spender spender = new(host.Node, host.Log)
        {
            Ticket = SpendTicket.None with { Spool = true },
            StatusOf = static _ => new NodeStatus(NodeState.WrongChain, "too deep"),
        };

        var sent = await spender.SendAsync(wallet, [new Payment(Stranger, One)], CoinControl.Default, WalletTx.NoNotes, Ct);

        Assert.Equal("too deep", sent.Refusal);
        Assert.Empty(host.Chain.Offered);
        Assert.Equal(TxState.Inactive.Waiting, StateOf(wallet, sent.Txid));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("interrupted")]
    [InlineData("disposed")]
    public async Task A_node_that_goes_when_it_is_asked_about_fees_refuses_no_payment_that_may_wait_for_it(string moment)
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        if (moment == "before")
        {
            host.Chain.Die(); // nobody has noted that yet
        }

        host.Chain.OnQuote = () => throw (moment == "disposed"
            ? new ObjectDisposedException("ChainFeedClient")
            : new IpcException(IpcErrorKind.Disconnected, "interrupted"));
        Payment[] payments = [new Payment(Stranger, One)];

        var spooling = host.Spender.For(SpendTicket.None with { Spool = true });
        var sent = await spooling.SendAsync(wallet, payments, CoinControl.Default, WalletTx.NoNotes, Ct);
        Assert.Contains(wallet.Snapshot.Pending, pending => pending.Key == sent.Txid);
        Assert.Equal(moment == "before", sent.Refusal?.StartsWith("Not connected to a node", StringComparison.Ordinal) ?? false);

        var refused = await Record.ExceptionAsync(() => host.Spender.SendAsync(wallet, payments, CoinControl.Default, WalletTx.NoNotes, Ct));
        Assert.True(refused is IpcException or ObjectDisposedException, refused?.ToString());
        Assert.Single(wallet.Snapshot.Pending);
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
    public async Task A_node_that_comes_while_a_payment_is_stored_gets_it()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        using ManualResetEventSlim gate = new();
        var before = wallet.ChangeAsync(
            _ =>
            {
                gate.Wait(Ct);
                return Decision<bool>.Of(true);
            },
            Ct);

        var sending = Task.Run(() => host.SendAsync(wallet, Stranger, One), Ct);
        await WalletHost.UntilAsync(() => !wallet.Holds.IsEmpty); // it waits for the writer, now or soon
        await host.NodeDiesAsync();
        host.Attach();
        await host.SyncedAsync();
        gate.Set();
        await before;

        Assert.Null((await sending).Refusal);
        Assert.Equal((await sending).Txid, Assert.Single(host.Chain.Mempool).Txid);
        Assert.IsType<TxState.InMempool>(StateOf(wallet, (await sending).Txid));
    }

    [Theory]
    [InlineData("bad-txns-premature-spend-of-coinbase, tried to spend coinbase at depth 99", true)] // it is just taking blocks back
    [InlineData("bad-txns-inputs-missingorspent", true)]
    [InlineData("non-final", false)]
    public async Task What_the_node_lacks_coins_for_is_offered_with_the_next_block(string refusal, bool isOffered)
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.Refusal = refusal;
        var sent = await host.SendAsync(wallet, Stranger, One);
        host.Chain.Refusal = null;
        Assert.Equal(TxState.Inactive.Waiting, StateOf(wallet, sent.Txid));

        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.Equal(isOffered, StateOf(wallet, sent.Txid) is TxState.InMempool);
    }

    [Fact]
    public async Task What_a_node_refused_when_the_wallet_joined_is_offered_with_the_next_block()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.Refusal = "bad-txns-inputs-missingorspent"; // another wallet's payment comes first, which that wallet has not offered yet
        var sent = await host.SendAsync(wallet, Stranger, One);
        await host.NodeDiesAsync();
        host.Attach();
        await host.SyncedAsync();
        Assert.Equal(TxState.Inactive.Waiting, StateOf(wallet, sent.Txid));

        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.Equal(3, host.Chain.Offered.Count);
        host.Chain.Refusal = null;
        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.IsType<TxState.InMempool>(StateOf(wallet, sent.Txid));
        host.Chain.Mine();
        await host.SyncedAsync();
        Assert.Equal(4, host.Chain.Offered.Count);
    }

    /// <summary>Its session ended without the connection: then what is called is no more.</summary>
    [Fact]
    public async Task What_is_stored_is_answered_though_the_nodes_session_has_ended()
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        host.Chain.OnBroadcast = static () => throw new ObjectDisposedException("the feed");

        var sent = await host.SendAsync(wallet, Stranger, One);

        Assert.NotNull(sent.Refusal);
        Assert.Equal(TxState.Inactive.Waiting, StateOf(wallet, sent.Txid));
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

        await host.Rebroadcast.ResendAsync(host.Sync.StatusOf, Ct); // only sets the time
        host.Clock.SetMockTime(host.Clock.MockTime + (59 * 60));
        await host.Rebroadcast.ResendAsync(host.Sync.StatusOf, Ct);
        Assert.Empty(host.Chain.Offered);

        host.Clock.SetMockTime(host.Clock.MockTime + (3 * 60 * 60));
        await host.Rebroadcast.ResendAsync(static _ => new NodeStatus(NodeState.WrongChain, "too deep"), Ct);
        Assert.Empty(host.Chain.Offered);

        // At once when its chain is the node's again: its turn was not taken.
        await host.Rebroadcast.ResendAsync(host.Sync.StatusOf, Ct);
        Assert.Equal(sent.Txid, Assert.Single(host.Chain.Offered).Txid);
        Assert.IsType<TxState.InMempool>(StateOf(wallet, sent.Txid));
    }

    /// <summary>The same coins, the same receivers and the same signatures are the same transaction.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payment_that_was_given_up_and_is_made_again_is_sent(bool hasNode)
    {
        await using WalletHost host = new();
        var wallet = await RichAsync(host);
        await host.NodeDiesAsync();
        host.Clock.SetMockTime(host.Clock.MockTime + (9 * 60 * 60)); // late enough after the tip for both to have no lock time
        Spender spender = new(host.Node, host.Log) { Ticket = SpendTicket.None with { Spool = true } };
        var made = await EmptyAsync();
        await wallet.AbandonAsync(made.Txid, Ct);
        Assert.Equal(One * 10, WalletHost.Trusted(wallet));
        if (hasNode)
        {
            host.Attach();
            await host.SyncedAsync();
            host.Chain.Offered.Clear();
        }

        var again = await EmptyAsync();
        Assert.Equal(made.Txid, again.Txid);
        if (!hasNode)
        {
            Assert.Equal(TxState.Inactive.Waiting, StateOf(wallet, made.Txid));
            host.Attach();
            await host.SyncedAsync();
        }

        Assert.Equal(made.Txid, Assert.Single(host.Chain.Offered).Txid);
        Assert.IsType<TxState.InMempool>(StateOf(wallet, made.Txid));
        Assert.Equal(Amount.Zero, WalletHost.Trusted(wallet));

        async Task<SentPayment> EmptyAsync() => await spender.SendAsync(
            wallet, [new Payment(Stranger, One * 10, SubtractFee: true)], CoinControl.Default, WalletTx.NoNotes, Ct);
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
