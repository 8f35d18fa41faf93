using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Node.Services;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Mempool;

public class MempoolTests
{
    private static readonly Amount Fee = new(10_000);

    [Fact]
    public async Task A_payment_enters_and_is_announced()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var reader = node.Chainstate.Events.Subscribe();
        var spend = node.Wallet.Spend(node.Coinbase(1), Fee);

        var result = await node.Send(spend);

        Assert.Equal(Fee, result.Fee);
        Assert.Equal(spend.Size, result.VirtualSize);
        Assert.True(reader.TryRead(out var item));
        Assert.Equal(spend, Assert.IsType<ChainEvent.TransactionAdded>(item.Event).Transaction);
        var view = node.Mempool.View;
        Assert.Equal((1, (long)spend.Size, Fee), (view.Count, view.Summary.Size, view.Summary.Fees));
        Assert.Equal(item.Sequence, node.Chainstate.Events.Position.Sequence);
        Assert.Equal("txn-already-in-mempool", (await node.Send(spend)).State.RejectReason);
    }

    [Fact]
    public async Task Refusals_have_cores_reasons()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var coin = node.Coinbase(1);

        var penny = node.Wallet.Spend(coin, new Amount(10));
        var cheap = await node.Send(penny);
        Assert.Equal("min relay fee not met", cheap.State.RejectReason);
        Assert.Equal($"10 < {penny.Size}", cheap.State.DebugMessage);
        Assert.Equal("coinbase", (await node.Send(node.ReadBlock(101).Transactions[0])).State.RejectReason);
        Assert.Equal(
            "txn-already-known",
            (await node.Send(await Confirmed())).State.RejectReason);
        var dust = Change(outputs: [new(new Amount(545), node.Wallet.Script)]);
        Assert.Equal("dust", (await node.Send(dust)).State.RejectReason);
        var odd = Change(outputs: [new(Amount.OneDash, Script.FromHex("51"))]);
        Assert.Equal("scriptpubkey", (await node.Send(odd)).State.RejectReason);
        Assert.Equal("version", (await node.Send(Change() with { Version = 4 })).State.RejectReason);
        Assert.Equal("non-final", (await node.Send(Change(lockTime: 5000, sequence: 0))).State.RejectReason);

        var broken = node.Wallet.Spend(node.Coinbase(2), Fee) with { LockTime = 1 };
        Assert.Equal(
            "mandatory-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)",
            (await node.Send(broken)).State.RejectReason);

        async Task<Transaction> Confirmed()
        {
            var spend = node.Wallet.Spend(node.Coinbase(1), Fee);
            Assert.True((await node.Send(spend)).IsAccepted);
            await node.Mine(1);
            return spend;
        }

        Transaction Change(TxOut[]? outputs = null, uint lockTime = 0, uint sequence = TxIn.FinalSequence)
        {
            var from = node.Coinbase(2);
            return node.Wallet.Sign(
                new Transaction(
                    [new TxIn(from.OutPoint, Script.Empty, sequence)],
                    [.. outputs ?? [new TxOut(Amount.OneDash, node.Wallet.Script)]],
                    lockTime),
                from.Output.ScriptPubKey);
        }
    }

    [Theory]
    [InlineData(1000, "6a00", 1000, "")]
    [InlineData(1001, "6a00", 1000, "bad-assetlocktx-creditamount")]
    [InlineData(1000, "6a0101", 1000, "bad-assetlocktx-non-empty-return")]
    [InlineData(0, "6a00", 1000, "bad-assetlocktx-opreturn-outofrange")]
    [InlineData(1000, "6a00", 0, "bad-assetlocktx-credit-outofrange")]
    public async Task Payments_into_the_credit_pool_are_checked(
        long locked, string script, long credited, string reason)
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(431);
        var coin = node.Coinbase(1);
        var payload = new ByteWriter();
        payload.WriteByte(1);
        payload.WriteCompactSize(1);
        new TxOut(new Amount(credited), node.Wallet.Script).Write(payload);
        var transaction = node.Wallet.Sign(
            new Transaction(
                Transaction.SpecialVersion,
                TransactionType.AssetLock,
                [new TxIn(coin.OutPoint, Script.Empty)],
                [new TxOut(new Amount(locked), Script.FromHex(script))],
                0,
                payload.ToArray()),
            coin.Output.ScriptPubKey);

        var result = await node.Send(transaction);

        Assert.Equal(reason, result.State.RejectReason);
        if (result.IsAccepted)
        {
            await node.Mine(1);
            var coinbase = node.ReadBlock(432).Transactions[0];
            Assert.True(CbTx.TryParse(coinbase.ExtraPayload.Span, out var after));
            Assert.Equal(coinbase.Outputs[1].Value.Duffs + locked, after.CreditPoolBalance.Duffs);
        }
    }

    [Fact]
    public async Task A_double_spend_is_refused_and_leaves_when_a_block_decides_otherwise()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var coin = node.Coinbase(1);
        var first = node.Wallet.Spend(coin, Fee);
        var child = node.Wallet.Spend(TestWallet.Output(first), Fee);
        var rival = node.Wallet.Spend(coin, Fee * 2);
        await node.Send(first);
        await node.Send(child);

        Assert.Equal("txn-mempool-conflict", (await node.Send(rival)).State.RejectReason);

        var reader = node.Chainstate.Events.Subscribe();
        await node.Submit(await node.Build([rival]));
        Assert.Equal(0, node.Mempool.View.Count);
        var gone = new List<Txid>();
        while (reader.TryRead(out var item) && item.Event is ChainEvent.TransactionRemoved removed)
        {
            Assert.Equal(TransactionRemovalReason.Conflict, removed.Reason);
            gone.Add(removed.Transaction.Txid);
        }

        Assert.Equal([child.Txid, first.Txid], gone);
    }

    [Fact]
    public async Task Chains_of_unconfirmed_transactions_end_at_25()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var coin = node.Coinbase(1);
        for (var i = 0; i < 25; i++)
        {
            var spend = node.Wallet.Spend(coin, Fee);
            Assert.True((await node.Send(spend)).IsAccepted);
            coin = TestWallet.Output(spend);
        }

        var tooMany = await node.Send(node.Wallet.Spend(coin, Fee));

        Assert.Equal("too-long-mempool-chain", tooMany.State.RejectReason);
        Assert.Contains("[limit: 25]", tooMany.State.DebugMessage, StringComparison.Ordinal);
        var last = node.Mempool.View.ParentsFirst.Last();
        Assert.Equal(25, node.Mempool.View.Graph.AncestorPackage(last).Count);
        await node.Mine(1);
        Assert.Equal(0, node.Mempool.View.Count);
        Assert.Equal(26, node.ReadBlock(102).Transactions.Count);
    }

    [Fact]
    public async Task Who_wants_to_build_on_a_chain_can_ask_whether_there_is_room()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(102);
        await using ChainSubscribers subscribers = new(node.Chainstate.Events, new Clock(), NullLoggerFactory.Instance);
        await using ChainFeedService feed = new(node.Chainstate, node.Mempool, subscribers);
        var coin = node.Coinbase(1);
        for (var i = 0; i < 25; i++)
        {
            var spend = node.Wallet.Spend(coin, Fee);
            Assert.True(await feed.HasRoomForAsync(spend.ToBytes(), TestNode.Ct));
            Assert.True((await node.Send(spend)).IsAccepted);
            coin = TestWallet.Output(spend);
        }

        // As the wallet asks, before it signs.
        var tooMany = node.Wallet.Spend(coin, Fee);
        tooMany = tooMany with { Inputs = [.. tooMany.Inputs.Select(static input => input with { ScriptSig = Script.Empty })] };
        Assert.False(await feed.HasRoomForAsync(tooMany.ToBytes(), TestNode.Ct));
        Assert.True(await feed.HasRoomForAsync(node.Wallet.Spend(node.Coinbase(2), Fee).ToBytes(), TestNode.Ct));
        Assert.False(await feed.HasRoomForAsync(new byte[] { 1 }, TestNode.Ct));
    }

    [Fact]
    public async Task Testing_a_transaction_adds_nothing()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);

        var result = await node.Mempool.TestAsync(node.Wallet.Spend(node.Coinbase(1), Fee), TestNode.Ct);

        Assert.True(result.IsAccepted);
        Assert.Equal(0, node.Mempool.View.Count);
    }

    [Fact]
    public async Task Broadcasting_keeps_to_the_senders_fee_limit_and_says_what_happened()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var spend = node.Wallet.Spend(node.Coinbase(1), Fee);

        var dear = await Broadcast(spend, new Amount(9_999));
        Assert.Equal(BroadcastOutcome.MaxFeeExceeded, dear.Outcome);
        Assert.Equal("Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)", dear.Error);
        Assert.True((await Broadcast(spend, Fee)).IsSent);
        Assert.Contains(spend.Txid, node.Mempool.View.Unbroadcast);
        Assert.True((await Broadcast(spend, Fee)).IsSent);
        await node.Mine(1);
        Assert.Equal(
            BroadcastOutcome.AlreadyInChain,
            (await Broadcast(spend, Fee)).Outcome);
        var orphan = node.Wallet.Spend((new OutPoint(spend.Txid, 7), spend.Outputs[0]), Fee);
        var missing = await Broadcast(orphan, Fee);
        Assert.Equal(BroadcastOutcome.MissingInputs, missing.Outcome);
        Assert.Equal("bad-txns-inputs-missingorspent", missing.Error);

        Task<BroadcastResult> Broadcast(Transaction transaction, Amount maxFee) =>
            node.Mempool.BroadcastAsync(transaction, maxFee, relay: true, bypassLimits: false, TestNode.Ct);
    }

    [Fact]
    public async Task The_mempool_survives_in_its_file()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "mempool.dat");
        Txid parent, child;
        await using (var node = TestNode.Open(directory))
        {
            await node.Mine(101);
            var spend = node.Wallet.Spend(node.Coinbase(1), Fee);
            var next = node.Wallet.Spend(TestWallet.Output(spend), Fee);
            (parent, child) = (spend.Txid, next.Txid);
            await node.Mempool.BroadcastAsync(spend, Amount.Zero, relay: true, bypassLimits: false, TestNode.Ct);
            await node.Send(next);
            await node.Mempool.PrioritiseAsync(child, new Amount(77), TestNode.Ct);
            node.Mempool.Save(file);
        }

        await using var again = TestNode.Open(directory, time: 1_700_020_000);
        await again.Mempool.LoadAsync(file, TestNode.Ct);

        var view = again.Mempool.View;
        Assert.Equal([parent, child], view.ParentsFirst.Select(entry => entry.Txid));
        Assert.Equal([parent], view.Unbroadcast);
        Assert.True(view.Graph.TryGet(child, out var entry));
        Assert.Equal(77, entry.FeeDelta.Duffs);
    }

    [Fact]
    public async Task What_a_reorganisation_makes_immature_leaves()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var spend = node.Wallet.Spend(node.Coinbase(2), Fee);
        await node.Mine(1);
        Assert.True((await node.Send(spend)).IsAccepted);

        // On top of block 100 the coinbase of block 2 is one block too young.
        await node.Validation.InvalidateAsync(node.View.At(101)!, TestNode.Ct);

        Assert.Equal(0, node.Mempool.View.Count);
    }

    [Fact]
    public async Task A_full_mempool_evicts_what_pays_least_and_raises_its_floor()
    {
        using var directory = new TempDirectory();
        var settings = PolicySettings.For(ChainParams.Regtest) with { MaxBytes = 5_000 };
        await using var node = TestNode.Open(directory, settings);
        await node.Mine(110);
        for (var height = 1; height <= 4; height++)
        {
            Assert.True((await node.Send(node.Wallet.Spend(node.Coinbase(height), Fee * height))).IsAccepted);
        }

        var poor = await node.Send(node.Wallet.Spend(node.Coinbase(5), new Amount(300)));
        Assert.Equal("mempool full", poor.State.RejectReason);
        Assert.True(node.Mempool.Summary.MinFee.DuffsPerKb > 1000);
        var poorToo = await node.Send(node.Wallet.Spend(node.Coinbase(6), new Amount(300)));
        Assert.Equal("mempool min fee not met", poorToo.State.RejectReason);
        Assert.True((await node.Send(node.Wallet.Spend(node.Coinbase(7), Fee * 9))).IsAccepted);
        Assert.DoesNotContain(node.Mempool.View.Graph.Entries, entry => entry.Fee == Fee);
    }
}
