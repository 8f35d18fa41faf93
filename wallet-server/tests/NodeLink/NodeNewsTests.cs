using Dash.Common.Time;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Networks;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>What a node tells before anybody acts on it.</summary>
public sealed class NodeNewsTests
{
    [Fact]
    public async Task Too_many_events_become_one_that_says_so()
    {
        var woken = 0;
        Clock clock = new();
        clock.SetMockTime(100);
        await using EventQueue queue = new(clock, () => woken++, maxBytes: 1000);

        for (var i = 1u; i <= 8; i++) await queue.TransactionAddedAsync(i, new byte[100], default);

        List<ChainEvent> left = [];
        while (queue.TryTake(static _ => true, out var item)) left.Add(item!);
        Assert.Equal(new ChainEvent.Behind(6) { ArrivedAt = 100 }, left[0]);
        Assert.Equal([6UL, 7, 8], left.Select(item => item.Sequence));
        Assert.Equal(8, woken);
    }

    [Fact]
    public async Task An_event_is_taken_only_if_it_is_wanted()
    {
        await using EventQueue queue = new(new Clock(), () => { });
        await queue.BehindAsync(7, default);

        Assert.False(queue.TryTake(item => item.Sequence == 8, out _));
        Assert.True(queue.TryTake(item => item.Sequence == 7, out _));
        Assert.False(queue.TryTake(static _ => true, out _));
    }

    [Fact]
    public void Blocks_must_follow_each_other_with_work()
    {
        FakeChain chain = new(ChainParams.Regtest);
        var genesis = new BlockPoint(chain.Tip.Hash, 0);
        var first = chain.Mine();
        var second = chain.Mine();

        var facts = ChainGuard.CheckChain([first, second], genesis, chain.Network);
        Assert.Equal([1, 2], facts.Select(block => block.Height));
        Assert.Equal(second.MedianTime, facts[1].Time);

        Refused("does not follow", () => ChainGuard.CheckChain([second], genesis, chain.Network));
        Refused("does not follow", () => ChainGuard.CheckChain([first], genesis with { Height = 5 }, chain.Network));
        Refused("has no content", () => ChainGuard.Check(first with { Data = first.Data[..80] }, chain.Network));
        Refused("has the hash", () => ChainGuard.Check(first with { Ref = second.Ref }, chain.Network));
        Refused("follows", () => ChainGuard.Check(first with { Previous = second.Ref.Hash }, chain.Network));
        Refused("proof of work", () => ChainGuard.Check(first, ChainParams.Main));
    }

    [Fact]
    public void A_complaint_is_made_at_first_and_then_rarely()
    {
        Complaints complaints = new(TimeProvider.System);

        Assert.True(complaints.IsDue("a", ""));
        Assert.False(complaints.IsDue("a", ""));
        Assert.True(complaints.IsDue("a", "other"));
        Assert.True(complaints.IsDue("b", ""));
        complaints.Clear();
        Assert.True(complaints.IsDue("a", ""));
    }

    private static void Refused(string reason, Func<object> check) =>
        Assert.Contains(reason, Assert.Throws<FeedException>(check).Message, StringComparison.Ordinal);
}
