using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces.Tests.Schemas;
using Dash.Ipc.Interfaces.Tests.Support;
using Dash.Primitives.Transactions;

namespace Dash.Ipc.Interfaces.Tests.Proxies;

/// <summary>What a schema can say, called from one process to another.</summary>
public sealed class JourneyTests
{
    private static readonly Txid SomeTxid = Txid.Parse(new string('a', 64));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_records_enums_and_optional_members_come_back()
    {
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);
        var items = new[]
        {
            new Item("tent", 1, "green", new byte[] { 1 }, Kind.Third, SomeTxid),
            new Item("", -1, null, default, Kind.First, null),
        };

        var packed = await pair.Remote.PackAsync(
            items, ["a", ""], [0.5, double.NaN], [Kind.Second, Kind.First], [[1, 2], [], [3]], Ct);

        Assert.Equal(items.Select(i => i with { Data = default }), packed.Items.Select(i => i with { Data = default }));
        Assert.Equal([1], packed.Items[0].Data.ToArray());
        Assert.Equal(["a", ""], packed.Tags);
        Assert.Equal([0.5, double.NaN], packed.Weights);
        Assert.Equal([Kind.Second, Kind.First], packed.Kinds);
        Assert.Equal([[1, 2], [], [3]], packed.Grid);

        var empty = await pair.Remote.PackAsync([], [], [], [], [], Ct);
        Assert.Empty(empty.Items);
        Assert.Empty(empty.Grid);
    }

    [Fact]
    public async Task Nothing_is_told_from_zero()
    {
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);

        Assert.Null(await pair.Remote.FindAsync("x", null, Ct));
        Assert.Equal(0, (await pair.Remote.FindAsync("x", 0, Ct))?.Count);
        Assert.Null(await pair.Remote.CompanionAsync(false, Ct));
        await using var companion = await pair.Remote.CompanionAsync(true, Ct);
        Assert.NotNull(companion);
        Assert.Equal("[companion greets me]", await companion.GreetAsync("me", Ct));
    }

    [Fact]
    public async Task Defaults_of_parameters_and_elements_with_types_come_through()
    {
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);

        var (txids, kind) = await pair.Remote.StampAsync([SomeTxid, default], Kind.First, Ct);

        Assert.Equal([default, SomeTxid], txids);
        Assert.Equal(Kind.First, kind);
        Assert.Equal(8, await pair.Remote.QuickAsync(7, Ct));
    }

    [Fact]
    public async Task A_declared_exception_is_thrown_again_with_its_type()
    {
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);

        Assert.Equal("arrived", await pair.Remote.RiskyAsync("safe", Ct));
        await pair.Remote.RiskierAsync("safe", Ct);
        var error = await Assert.ThrowsAsync<JourneyException>(async () => await pair.Remote.RiskyAsync("storm", Ct));
        Assert.Equal("storm", error.Message);
        error = await Assert.ThrowsAsync<JourneyException>(async () => await pair.Remote.RiskierAsync("", Ct));
        Assert.Equal("", error.Message);
        var other = await Assert.ThrowsAsync<IpcException>(async () => await pair.Remote.RiskyAsync("bug", Ct));
        Assert.Equal("std::exception: not declared", other.Reason);
    }

    [Fact]
    public async Task Methods_of_the_extended_interface_are_called_by_its_numbers()
    {
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);

        Assert.Equal("Hello you!", await pair.Remote.GreetAsync("you", Ct));
        ITraveller asTraveller = pair.Remote;
        Assert.Equal("Hello me!", await asTraveller.GreetAsync("me", Ct));
    }

    [Fact]
    public async Task A_plain_object_is_called_back_while_its_caller_waits()
    {
        var host = new FakeTraveller("host");
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);

        Assert.Equal("[host greets guest 0][host greets guest 1]", await pair.Remote.VisitAsync(host, 2, Ct));

        await host.Disposed.Task.WaitAsync(Ct);
    }

    [Fact]
    public async Task An_object_that_comes_back_is_the_object_itself()
    {
        var traveller = new FakeTraveller("me");
        await using var pair = await ProcessPair.StartGuideAsync(new FakeGuide(), Ct);

        Assert.Same(traveller, await pair.Remote.BackAsync(traveller, Ct));
    }

    [Fact]
    public async Task Giving_a_call_up_cancels_it_in_the_other_process()
    {
        var guide = new FakeGuide();
        await using var pair = await ProcessPair.StartGuideAsync(guide, Ct);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var waiting = pair.Remote.WaitAsync(giveUp.Token).AsTask();
        await guide.Waiting.Task.WaitAsync(Ct);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await guide.WaitCancelled.Task.WaitAsync(Ct);
    }

    [Fact]
    public async Task The_object_ends_when_its_process_is_gone()
    {
        var guide = new FakeGuide();
        var pair = await ProcessPair.StartGuideAsync(guide, Ct);
        Assert.Equal("Hello you!", await pair.Remote.GreetAsync("you", Ct));

        await pair.DisposeAsync();

        await guide.Disposed.Task.WaitAsync(Ct);
    }
}
