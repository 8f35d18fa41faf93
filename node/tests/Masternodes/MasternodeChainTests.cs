using Dash.Common.Time;
using Dash.Node.Masternodes;
using Dash.Node.Services;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Masternodes;

/// <summary>Masternodes that come and go in blocks of our own, and blocks that lie about them.</summary>
public class MasternodeChainTests
{
    [Fact]
    public async Task A_registration_enters_the_list_and_is_paid_from_the_next_block_on()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var registration = ProTxSamples.Register(node, 0);

        Assert.Equal("", (await node.Send(registration)).State.RejectReason);
        await node.Mine(1);

        var list = await ListAsync(node);
        var masternode = Assert.Single(list.All);
        Assert.Equal(registration.Txid, masternode.ProTxHash);
        Assert.False(masternode.State.IsBanned);
        Assert.False(masternode.State.IsConfirmed);
        Assert.Equal(list.Root.Root, PayloadOf(node, node.View.Height).MerkleRootMasternodeList);
        Assert.Equal(masternode.ListHash, list.Root.Root);
        Assert.DoesNotContain(Payees(node), script => script == ProTxSamples.PayoutOf(0));

        await node.Mine(2);

        Assert.Contains(Payees(node), script => script == ProTxSamples.PayoutOf(0));
        masternode = Assert.Single((await ListAsync(node)).All);
        Assert.Equal(node.View.Height, masternode.State.LastPaidHeight);
        Assert.True(masternode.State.IsConfirmed);
        Assert.Equal(node.View.At(node.View.Height - 1)!.Hash, masternode.State.ConfirmedHash);
    }

    [Fact]
    public async Task Whose_collateral_an_output_is_can_be_asked()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var registration = ProTxSamples.Register(node, 0);
        await node.Send(registration);
        await using ChainSubscribers subscribers = new(node.Chainstate.Events, new Clock(), NullLoggerFactory.Instance);
        await using ChainFeedService feed = new(node.Chainstate, node.Mempool, subscribers);
        OutPoint[] outPoints = [.. Enumerable.Range(0, registration.Outputs.Length).Select(index => new OutPoint(registration.Txid, (uint)index))];

        Assert.DoesNotContain(true, await AskAsync());
        await node.Mine(1);
        var masternode = Assert.Single((await ListAsync(node)).All);
        Assert.Equal(outPoints.Select(outPoint => outPoint == masternode.Collateral), await AskAsync());

        async Task<IReadOnlyList<bool>> AskAsync() => await feed.CollateralsAsync(
            [
                .. outPoints.Select(static outPoint =>
                {
                    ByteWriter writer = new();
                    outPoint.Write(writer);
                    return (ReadOnlyMemory<byte>)writer.ToArray();
                }),
            ],
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Masternodes_are_paid_by_turns()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        await node.Send(ProTxSamples.Register(node, 0));
        await node.Send(ProTxSamples.Register(node, 1));
        await node.Mine(1);
        List<int> paid = [];
        for (var i = 0; i < 6; i++)
        {
            await node.Mine(1);
            paid.Add(Enumerable.Range(0, 2).Single(number => Payees(node).Contains(ProTxSamples.PayoutOf(number))));
        }

        Assert.Equal([paid[0], paid[1], paid[0], paid[1], paid[0], paid[1]], paid);
        Assert.NotEqual(paid[0], paid[1]);
    }

    [Fact]
    public async Task Blocks_that_lie_about_masternodes_are_refused_with_dashds_reasons()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        await node.Send(ProTxSamples.Register(node, 0));
        await node.Mine(1);

        var wrongRoot = await node.Build(coinbase: static coinbase => coinbase with
        {
            ExtraPayload = (PayloadOf(coinbase) with { MerkleRootMasternodeList = Hashes.Sha256d([1]) }).ToBytes(),
        });
        Assert.Equal("bad-cbtx-mnmerkleroot", (await node.Submit(wrongRoot)).State!.Value.RejectReason);

        var unpaid = await node.Build(coinbase: static coinbase => coinbase with
        {
            Outputs = [.. coinbase.Outputs.Where(output => output.ScriptPubKey != ProTxSamples.PayoutOf(0))],
        });
        Assert.Equal("bad-cb-payee", (await node.Submit(unpaid)).State!.Value.RejectReason);

        // The roots of blocks with these stay those of the list without them.
        foreach (var (reason, transaction) in Bad(node))
        {
            var block = await node.Build([transaction]);
            Assert.Equal(reason, (await node.Submit(block)).State!.Value.RejectReason);
            Assert.Equal(reason, (await node.Send(transaction)).State.RejectReason);
        }

        var good = await node.Build();
        Assert.True((await node.Submit(good)).State!.Value.IsValid);
    }

    [Fact]
    public async Task What_two_waiting_registrations_share_keeps_the_second_out()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        using var owner = ProTxSamples.OwnerOf(0);
        await node.Send(ProTxSamples.Register(node, 0));

        var second = ProTxSamples.Register(
            node, 1, payload => payload with { OwnerKeyId = owner.PublicKey.Id, VotingKeyId = owner.PublicKey.Id });

        Assert.Equal("protx-dup", (await node.Send(second)).State.RejectReason);
    }

    [Fact]
    public async Task A_new_operator_bans_until_he_says_where_the_masternode_is()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var registration = ProTxSamples.Register(node, 0);
        await node.Send(registration);
        await node.Mine(1);
        using var owner = ProTxSamples.OwnerOf(0);
        using var other = ProTxSamples.OwnerOf(5);

        var forged = ProTxSamples.UpdateRegistrar(node, registration.Txid, other, operatorKey: 1, coinbase: 20);
        Assert.Equal("bad-protx-sig", (await node.Send(forged)).State.RejectReason);
        var update = ProTxSamples.UpdateRegistrar(node, registration.Txid, owner, operatorKey: 1, coinbase: 20);
        Assert.Equal("", (await node.Send(update)).State.RejectReason);
        var second = ProTxSamples.UpdateRegistrar(node, registration.Txid, owner, operatorKey: 2, coinbase: 21);
        Assert.Equal("protx-dup", (await node.Send(second)).State.RejectReason);
        await node.Mine(1);

        var state = Assert.Single((await ListAsync(node)).All).State;
        Assert.True(state.IsBanned);
        Assert.True(state.NetInfo.IsEmpty);
        Assert.Equal(ProTxSamples.PayoutOf(7), state.Payout);

        // Nobody can be paid any more, and blocks go on.
        await node.Mine(2);
        Assert.DoesNotContain(Payees(node), script => script == ProTxSamples.PayoutOf(0));
    }

    [Fact]
    public async Task Spending_the_collateral_ends_it_and_a_reorganisation_brings_it_back()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var registration = ProTxSamples.Register(node, 0);
        await node.Send(registration);
        await node.Mine(1);
        var before = await ListAsync(node);

        var spend = node.Wallet.Spend(TestWallet.Output(registration), Amount.FromDash(1));
        Assert.Equal("", (await node.Send(spend)).State.RejectReason);
        await node.Mine(1);

        Assert.Equal(0, (await ListAsync(node)).Count);
        Assert.True(PayloadOf(node, node.View.Height).MerkleRootMasternodeList.IsZero);
        var tip = node.Tip;
        await node.Validation.PostAsync(
            (chainstate, stop) =>
            {
                chainstate.Invalidate(tip, stop);
                return true;
            },
            TestNode.Ct);
        Assert.Equal(before.Root, (await ListAsync(node)).Root);
    }

    [Fact]
    public async Task The_list_is_the_same_after_a_restart_and_when_it_is_built_anew()
    {
        using var directory = new TempDirectory();
        Uint256 root;
        await using (var node = await OpenAsync(directory))
        {
            await node.Send(ProTxSamples.Register(node, 0));
            await node.Mine(1);
            await node.Send(ProTxSamples.Register(node, 1));
            await node.Mine(40);
            root = (await ListAsync(node)).Root.Root;
            await node.Validation.PostAsync(
                (chainstate, _) =>
                {
                    chainstate.Flush();
                    return true;
                },
                TestNode.Ct);
        }

        Assert.False(root.IsZero);
        await using (var again = TestNode.Open(directory.Path, network: ProTxSamples.Network, time: 1_700_100_000))
        {
            Assert.Equal(root, (await ListAsync(again)).Root.Root);
            await again.Mine(1);
        }

        Directory.Delete(Path.Combine(directory.Path, Path.Combine("evodb", "states")), recursive: true);
        await using var anew = TestNode.Open(directory.Path, network: ProTxSamples.Network, time: 1_700_100_000);
        Assert.Equal(2, (await ListAsync(anew)).Count);
        Assert.Equal(root, (await ListAsync(anew)).Root.Root);
    }

    private static IEnumerable<(string Reason, Transaction Transaction)> Bad(TestNode node)
    {
        using var owner = ProTxSamples.OwnerOf(0);
        var id = owner.PublicKey.Id;
        yield return ("bad-protx-dup-key", ProTxSamples.Register(
            node, 1, payload => payload with { OwnerKeyId = id, VotingKeyId = id }));
        yield return ("bad-protx-dup-key", ProTxSamples.Register(
            node, 1, static payload => payload with { OperatorKey = ProTxSamples.OperatorKeyOf(0) }));
        var first = ProRegTx.TryParse(ProTxSamples.Register(node, 0).ExtraPayload.Span, out var parsed) ? parsed.NetInfo : null;
        yield return ("bad-protx-dup-netinfo-entry", ProTxSamples.Register(node, 1, payload => payload with { NetInfo = first! }));
        yield return ("bad-protx-inputs-hash", ProTxSamples.Register(node, 1, static payload => payload with { InputsHash = default }));
        yield return ("bad-protx-collateral-index", ProTxSamples.Register(
            node, 1, static payload => payload with { Collateral = new OutPoint(default, 2) }));
        yield return ("bad-protx-collateral", ProTxSamples.Register(
            node, 1, static payload => payload with { Collateral = new OutPoint(default, 1) }));
        yield return ("bad-protx-collateral", ProTxSamples.Register(
            node, 1, static payload => payload with { Collateral = new OutPoint(new Txid(Hashes.Sha256d([5])), 1) }));
        yield return ("bad-protx-sig", ProTxSamples.Register(node, 1, static payload => payload with { Signature = new byte[65] }));
        yield return ("bad-protx-version", ProTxSamples.Register(
            node, 1, static payload => payload with { Version = ProTxVersion.ExtendedAddresses, NetInfo = NetInfo.OfEntries([]) }));
        yield return ("bad-protx-hash", ProTxSamples.UpdateRegistrar(
            node, new Txid(Hashes.Sha256d([6])), owner, operatorKey: 1, coinbase: 30));
    }

    private static async Task<TestNode> OpenAsync(TempDirectory directory)
    {
        var node = TestNode.Open(directory.Path, network: ProTxSamples.Network);
        await node.Mine(140);
        return node;
    }

    private static Task<MasternodeList> ListAsync(TestNode node) =>
        node.Validation.PostAsync(static (chainstate, _) => chainstate.Evo.ListAt(chainstate.View.Tip), TestNode.Ct);

    private static IEnumerable<Script> Payees(TestNode node) =>
        node.ReadBlock(node.View.Height).Transactions[0].Outputs.Select(static output => output.ScriptPubKey);

    private static CbTx PayloadOf(TestNode node, int height) => PayloadOf(node.ReadBlock(height).Transactions[0]);

    private static CbTx PayloadOf(Transaction coinbase)
    {
        Assert.True(CbTx.TryParse(coinbase.ExtraPayload.Span, out var payload));
        return payload;
    }
}
