using System.Globalization;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

public sealed class SpendingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_payment_is_never_larger_than_estimated_and_pays_the_rate()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 1, 2, 3, 4);
        using var reservation = await Reserve(alice, Coins(9));
        var built = reservation.Payment;
        var signed = await alice.Sign(built);
        Assert.InRange(signed.Size, built.Size - signed.Inputs.Length, built.Size);
        Assert.Equal(new FeeRate(1000).GetFee(built.Size), built.Fee);
        Assert.Equal(built.Spent.Aggregate(Amount.Zero, (sum, output) => sum + output.Value), signed.OutputValue + built.Fee);
        Assert.All(signed.Inputs, input => Assert.Equal(0xfffffffe, input.Sequence));
        Assert.Equal(2, signed.Version);
        Assert.Equal("Fallback fee", built.FeeReason);
    }

    [Fact]
    public async Task Two_payments_under_way_never_share_a_coin_or_a_change_address()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5, 5);
        using var first = await Reserve(alice, Coins(2));
        using var second = await Reserve(alice, Coins(2));
        Assert.NotEqual(first.Payment.Tx.Inputs[0].PreviousOutput, second.Payment.Tx.Inputs[0].PreviousOutput);
        Assert.NotEqual(Change(first), Change(second));

        // What was not sent is free again, coins and change address alike.
        var change = Change(second);
        second.Dispose();
        using var third = await Reserve(alice, Coins(2));
        Assert.Equal(change, Change(third));
        Assert.NotEqual(
            change, ScriptOf(await alice.NewChangeAddressAsync(Ct)));
    }

    /// <summary>Dash Core makes one payment after the other, so that the next one finds the change of the last.</summary>
    [Fact]
    public async Task A_payment_that_finds_too_little_beside_others_waits_for_their_change()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5, 1);
        var first = await Reserve(alice, Coins(2));
        var waiting = Reserve(alice, Coins(2));
        Assert.False(waiting.IsCompleted); // nor ever, as long as the first one is neither stored nor given up
        var behind = Reserve(alice, Coins(0.5));
        var signed = await alice.Sign(first.Payment);
        Assert.True(await alice.CommitAsync(signed, WalletTx.NoNotes, null, isOffered: true, Ct));
        first.Dispose();
        using var second = await waiting;
        Assert.Contains(second.Payment.Tx.Inputs, input => input.PreviousOutput.Txid == signed.Txid);
        using var third = await behind;
        Assert.Empty(third.Payment.Tx.Inputs.Select(input => input.PreviousOutput).Intersect(second.Payment.Tx.Inputs.Select(input => input.PreviousOutput)));
        Assert.NotEqual(Change(second), Change(third));
    }

    [Fact]
    public async Task What_fails_beside_others_fails_for_want_of_money_alone()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        var first = await Reserve(alice, Coins(2));
        var waiting = Reserve(alice, Coins(2));
        using var gone = new CancellationTokenSource();
        var given = alice.ReserveAsync([new Payment(TestChain.Stranger, Coins(2))], CoinControl.Default, FeeMarket.Quiet, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        // Nobody was told of it, so its change cannot be counted on.
        await alice.CommitAsync(await alice.Sign(first.Payment), WalletTx.NoNotes, Ct);
        first.Dispose();
        var refusal = await Assert.ThrowsAsync<WalletException>(() => waiting);
        Assert.Equal("Insufficient funds.", refusal.Message);
    }

    /// <summary>As in Dash Core, where the second try groups coins by address, which changes nothing here.</summary>
    [Fact]
    public async Task What_takes_several_coins_is_tried_twice_and_the_cheaper_try_counts()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 1, 2, 3, 4, 5, 6, 7, 8);
        for (var i = 0; i < 20; i++)
        {
            using var several = await Reserve(alice, Coins(9));
            var (first, second, isSecond) = Assert.NotNull(several.Payment.Comparison);
            Assert.Equal(first < second ? first : second, several.Payment.Fee);
            Assert.Equal(second <= first, isSecond);
        }

        // Nothing was left to chance.
        await using var others = new TestWallets();
        using var single = await Reserve(await Funded(others, 5), Coins(2));
        Assert.Single(single.Payment.Spent);
        Assert.Null(single.Payment.Comparison);
    }

    [Fact]
    public async Task A_stored_payment_stays_the_wallets_over_a_restart_and_keeps_its_coins()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        Transaction signed;
        using (var reservation = await Reserve(alice, Coins(2)))
        {
            signed = await alice.Sign(reservation.Payment);
            await alice.CommitAsync(signed, WalletTx.NoNotes.Add("comment", "rent"), Ct);
        }

        alice = await wallets.Reload(alice);
        Assert.True(alice.Snapshot.Pending.ContainsKey(signed.Txid));
        await Assert.ThrowsAsync<WalletException>(() => Reserve(alice, Coins(2)));
        using var view = alice.OpenView();
        var tx = view.Find(signed.Txid)!;
        Assert.Equal("rent", tx.Notes["comment"]);
        Assert.True(tx.FromMe);
        Assert.Equal(1, alice.Snapshot.Keychains[alice.Snapshot.ActiveInternal].NextIndex);
    }

    [Fact]
    public async Task Inputs_and_outputs_are_ordered_by_BIP69()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 1, 1, 1, 1, 1, 1);
        using var reservation = await alice.ReserveAsync(
            [new(TestChain.Stranger, Coins(3)), new(ScriptTemplates.PayToScriptHash(default(Hash160)), Coins(1.5))],
            CoinControl.Default, FeeMarket.Quiet, Ct);
        var tx = reservation.Payment.Tx;
        var inputs = tx.Inputs.Select(input => input.PreviousOutput).ToList();
        Assert.Equal(inputs.OrderBy(input => input.Txid.ToString(), StringComparer.Ordinal).ThenBy(input => input.Index), inputs);
        Assert.Equal(3, tx.Outputs.Length);
        Assert.True(tx.Outputs[0].Value <= tx.Outputs[1].Value);
    }

    [Fact]
    public async Task Of_outputs_with_the_same_amount_the_one_with_the_shorter_script_comes_first()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        var toHash = ScriptTemplates.PayToScriptHash(default(Hash160));
        using var reservation = await alice.ReserveAsync(
            [new(TestChain.Stranger, Coins(1)), new(toHash, Coins(1))], CoinControl.Default, FeeMarket.Quiet, Ct);
        var scripts = reservation.Payment.Tx.Outputs.Where(static output => output.Value == Coins(1)).Select(static output => output.ScriptPubKey);
        Assert.Equal([toHash, TestChain.Stranger], scripts);
    }

    [Theory]
    [InlineData("pkh({0})")]
    [InlineData("sh(pkh({0}))")]
    [InlineData("combo({0})")]
    public async Task A_payment_from_an_uncompressed_key_is_no_longer_than_what_its_fee_was_taken_for(string form)
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        using var key = PrivateKey.FromBytes(Enumerable.Repeat((byte)7, PrivateKey.Size).ToArray(), compressed: false);
        var text = string.Format(CultureInfo.InvariantCulture, form, Wif.Encode(key, ChainParams.Regtest.Prefixes.Wif));
        DescriptorKeys keys = new();
        Assert.True(Descriptor.TryParse(text, ChainParams.Regtest.Prefixes, requireChecksum: false, keys, out var descriptor, out var error), error);
        NewDescriptor imported = new(descriptor, keys) { RangeEnd = 1, CreationTime = TestWallets.Birth };
        await alice.Import(imported);
        var scripts = Keychain.Create(descriptor, keys, TestWallets.Birth).ScriptsAt(0);
        var paid = chain.Pay([.. scripts.Select(static script => (script, Coins(1)))]);
        await alice.Connect([chain["genesis"], chain.Mine("a1", "genesis", null, paid), .. chain.MineMany("b", "a1", 10)]);

        using var reservation = await Reserve(alice, Coins(scripts.Length - 0.5));
        var signed = await alice.Sign(reservation.Payment);
        var length = signed.ToBytes().Length;
        Assert.Equal(scripts.Length, signed.Inputs.Length);
        Assert.InRange(length, reservation.Payment.Fee.Duffs - (3 * scripts.Length), reservation.Payment.Fee.Duffs);
    }

    [Fact]
    public async Task The_lock_time_is_the_tips_height_or_a_little_less_and_zero_when_behind()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        for (var i = 0; i < 20; i++)
        {
            using var reservation = await Reserve(alice, Coins(1));
            Assert.InRange(reservation.Payment.Tx.LockTime, 0u, (uint)alice.Snapshot.Tip.Height);
        }

        wallets.Clock.SetMockTime(TestWallets.Birth + 100_000);
        using var late = await Reserve(alice, Coins(1));
        Assert.Equal(0u, late.Payment.Tx.LockTime);
    }

    // OP_RETURN and two bytes: worth nothing, and dust is no word for it.
    [Fact]
    public async Task An_output_of_data_cannot_bear_a_fee()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        var refusal = await Assert.ThrowsAsync<WalletException>(() => alice.ReserveAsync(
            [new(TestChain.Stranger, Coins(1)), new(new Script([0x6a, 0x02, 0x00, 0xff]), Amount.Zero, SubtractFee: true)],
            CoinControl.Default, FeeMarket.Quiet, Ct));
        Assert.Equal("The transaction amount is too small to pay the fee", refusal.Message);
    }

    [Fact]
    public async Task Recipients_can_bear_the_fee_in_equal_shares()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        using var reservation = await alice.ReserveAsync(
            [
                new(TestChain.Stranger, Coins(1), SubtractFee: true),
                new(ScriptTemplates.PayToScriptHash(default(Hash160)), Coins(2), SubtractFee: true),
            ],
            CoinControl.Default, FeeMarket.Quiet, Ct);
        var built = reservation.Payment;
        var paid = built.Tx.Outputs.Where((_, place) => place != built.ChangePosition).Select(output => output.Value).Order().ToList();
        Assert.Equal(Coins(3) - built.Fee, paid[0] + paid[1]);
        Assert.InRange((paid[1] - paid[0] - Coins(1)).Duffs, -1, 1);
        Assert.Equal(Coins(2), built.Tx.Outputs[built.ChangePosition].Value);
    }

    [Fact]
    public async Task Change_that_is_dust_goes_to_the_fee()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        using var reservation = await Reserve(alice, Coins(5) - new Amount(1000));
        Assert.Equal(-1, reservation.Payment.ChangePosition);
        Assert.Equal(new Amount(1000), reservation.Payment.Fee);
        Assert.Single(reservation.Payment.Tx.Outputs);
    }

    [Theory]
    [InlineData(6, "Insufficient funds.")]
    [InlineData(0.000005, "Transaction amount too small")]
    [InlineData(-1, "Transaction amounts must not be negative")]
    public async Task What_cannot_be_paid_is_refused_in_Cores_words(double amount, string message)
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        var refusal = await Assert.ThrowsAsync<WalletException>(() => Reserve(alice, Coins(amount)));
        Assert.Equal(message, refusal.Message);
        Assert.Equal(WalletError.InsufficientFunds, refusal.Error);
    }

    [Fact]
    public async Task A_rate_below_the_minimum_and_a_fee_above_the_maximum_are_refused()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5);
        var low = await Assert.ThrowsAsync<WalletException>(() =>
            Reserve(alice, Coins(1), CoinControl.Default with { FeeRate = new FeeRate(500) }));
        Assert.Equal("Fee rate (0.500 duff/B) is lower than the minimum fee rate setting (1.000 duff/B)", low.Message);
        var high = await Assert.ThrowsAsync<WalletException>(() =>
            Reserve(alice, Coins(1), CoinControl.Default with { FeeRate = new FeeRate(100_000_000) }));
        Assert.Equal("Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)", high.Message);
        Assert.Equal("Transaction must have at least one recipient", (await Assert.ThrowsAsync<WalletException>(() =>
            alice.ReserveAsync([], CoinControl.Default, FeeMarket.Quiet, Ct))).Message);
    }

    [Fact]
    public async Task Set_aside_coins_and_unconfirmed_money_of_strangers_are_not_spent()
    {
        await using var wallets = new TestWallets();
        var alice = await Funded(wallets, 5, 2);
        var large = alice.Snapshot.Coins.Values.Single(coin => coin.Value == Coins(5)).OutPoint;
        await alice.LockCoinsAsync([large], unlock: false, persistent: false, Ct);
        await Assert.ThrowsAsync<WalletException>(() => Reserve(alice, Coins(3)));
        await alice.Mempool(new TestChain().Pay((await alice.NewScript(), Coins(7))));
        await Assert.ThrowsAsync<WalletException>(() => Reserve(alice, Coins(3)));
        using (await Reserve(alice, Coins(3), CoinControl.Default with { IncludeUnsafe = true }))
        {
            await alice.UnlockAllCoinsAsync(Ct);
        }

        using var reservation = await Reserve(alice, Coins(3));
        Assert.Equal(large, Assert.Single(reservation.Payment.Tx.Inputs).PreviousOutput);
    }

    [Theory]
    [InlineData(new[] { 10, 3, 2 }, 5, new[] { 3, 2 })]
    [InlineData(new[] { 10, 5, 3 }, 5, new[] { 5 })]
    [InlineData(new[] { 10, 2, 1 }, 5, new[] { 10 })]
    [InlineData(new[] { 3, 2, 1 }, 6, new[] { 3, 2, 1 })]
    public void Knapsack_prefers_what_fits(int[] values, int target, int[] expected)
    {
        var chosen = Knapsack.Solve(Groups(values), Coins(target), Amount.Zero, new Random(1), false, Amount.Zero)!;
        Assert.Equal(expected.Order(), chosen.Select(group => (int)(group.Value.Duffs / Amount.DuffsPerDash)).Order());
    }

    [Fact]
    public void Knapsack_leaves_denominations_alone_while_others_suffice()
    {
        var groups = Groups([20]);
        foreach (var amount in Denominations.All)
        {
            groups.AddRange(GroupsOf([amount]));
        }

        for (var seed = 0; seed < 20; seed++)
        {
            var chosen = Knapsack.Solve([.. groups], Coins(1), new Amount(50_000), new Random(seed), false, Amount.Zero)!;
            Assert.Equal(Coins(20), Assert.Single(chosen).Value);
        }

        Assert.Null(Knapsack.Solve([.. groups], Coins(100), Amount.Zero, new Random(1), false, Amount.Zero));
    }

    [Fact]
    public void Knapsack_always_reaches_the_target_and_is_quick_with_many_coins()
    {
        var random = new Random(7);
        var groups = GroupsOf(Enumerable.Range(0, 50_000).Select(_ => new Amount(random.Next(1_000, 100_000_000))));
        for (var i = 0; i < 5; i++)
        {
            var target = new Amount(random.NextInt64(1_000_000, 100_000_000_000));
            var chosen = Knapsack.Solve([.. groups], target, new Amount(50_000), random, false, Amount.Zero)!;
            Assert.True(chosen.Aggregate(Amount.Zero, (sum, group) => sum + group.SelectionAmount) >= target);
        }
    }

    private static async Task<Wallet> Funded(TestWallets wallets, params double[] amounts)
    {
        var (chain, alice) = (new TestChain(), wallets.Create());
        var pays = new List<Transaction>();
        foreach (var amount in amounts)
        {
            pays.Add(chain.Pay((await alice.NewScript(), Coins(amount))));
        }

        await alice.Connect([chain["genesis"], chain.Mine("a1", "genesis", null, [.. pays]), .. chain.MineMany("b", "a1", 10)]);
        return alice;
    }

    [Fact]
    public async Task Coins_that_the_wallet_only_watches_are_left_out_and_named_where_there_are_no_others()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create("w", new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.Blank | WalletFlags.DisablePrivateKeys });
        var watched = TestDescriptors.KeyOf(1).Address;
        var (key, solvable) = TestDescriptors.KeyOf(2);
        await wallet.Import(TestDescriptors.Parse($"addr({watched})"));
        await wallet.Import(TestDescriptors.Parse($"pkh({key})"));
        var chain = new TestChain();
        var first = chain.Pay((ScriptOf(watched), Coins(1)));
        await wallet.Connect(chain["genesis"], chain.Mine("a", "genesis", null, first));
        var control = CoinControl.Default with { ChangeScript = TestChain.Stranger };

        var refused = await Assert.ThrowsAsync<WalletException>(() => Reserve(wallet, Coins(0.5), control));
        Assert.Equal("Missing solving data for estimating transaction size", refused.Message);
        refused = await Assert.ThrowsAsync<WalletException>(() => Reserve(wallet, Coins(2), control));
        Assert.Equal("Insufficient funds.", refused.Message);

        var second = chain.Pay((ScriptOf(solvable), Coins(1)));
        await wallet.Connect(chain.Mine("b", "a", null, second));
        using var reservation = await Reserve(wallet, Coins(0.5), control);
        Assert.Equal(second.Txid, Assert.Single(reservation.Payment.Tx.Inputs).PreviousOutput.Txid);
    }

    private static Task<Reservation> Reserve(Wallet wallet, Amount amount, CoinControl? control = null) =>
        wallet.ReserveAsync([new Payment(TestChain.Stranger, amount)], control ?? CoinControl.Default, FeeMarket.Quiet, Ct);

    private static Script Change(Reservation reservation) =>
        reservation.Payment.Tx.Outputs[reservation.Payment.ChangePosition].ScriptPubKey;

    private static List<OutputGroup> Groups(int[] values) => GroupsOf(values.Select(value => Coins(value)));

    private static List<OutputGroup> GroupsOf(IEnumerable<Amount> values)
    {
        var empty = new WalletSnapshot
        {
            Name = "",
            Chain = ChainParams.Regtest,
            Settings = WalletSettings.Default,
            Scripts = new ScriptIndex(),
        };
        var lineage = new Lineage(empty, FeeMarket.Quiet.Chains);
        return [.. values.Select(value =>
        {
            var coin = new Coin(default, value, TestChain.Stranger, 1, false, false, 0);
            return new OutputGroup(new AvailableCoin(coin, 10, 147, true), FeeRate.Zero, subtractFee: false, lineage);
        })];
    }
}
