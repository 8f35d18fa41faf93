using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Connections;

/// <summary>How much a peer may have waiting for answers that do not come, over a real socket.</summary>
public sealed class PromiseLimitTests : IDisposable
{
    private const int Most = 20;

    private readonly TempFolder _folder = new();
    private uint _lastCall = 7000;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Too_many_places_of_an_answer_that_does_not_come_end_the_connection()
    {
        await using var peer = await OpenAsync();
        await HostilePeerTests.WaitCallAsync(peer, 1);
        for (var i = 0; i < Most; i++)
        {
            await NameAsync(peer, 1, (ushort)i);
            await NameAsync(peer, 1, (ushort)i); // the same place once more costs nothing
        }

        await peer.LivesAsync();
        await NameAsync(peer, 1, Most);
        Assert.Equal("Too many promises on this connection.", await peer.HearAbortAsync());
        Assert.Equal(IpcErrorKind.Overloaded, peer.Connection.EndReason!.Kind);
        Assert.Single(peer.Log.Lines);
    }

    [Fact]
    public async Task Places_of_all_answers_count_together_and_those_of_a_finished_one_no_more()
    {
        await using var peer = await OpenAsync();
        for (var question = 1u; question <= 3; question++)
        {
            await HostilePeerTests.WaitCallAsync(peer, question);
            for (var i = 0; i < Most; i++)
            {
                await NameAsync(peer, question, (ushort)i);
            }

            await peer.LivesAsync();
            await HostilePeerTests.FinishAsync(peer, 4242);
            await HostilePeerTests.FinishAsync(peer, question);
            while ((await peer.HearAsync())!.Value is not { Which: Message.Which.Return, Return.AnswerId: var id } || id != question)
            {
                // Until it has returned as cancelled, which lets its places go.
            }

            await peer.LivesAsync();
            await HostilePeerTests.FinishAsync(peer, 4242);
        }

        await HostilePeerTests.WaitCallAsync(peer, 4);
        await HostilePeerTests.WaitCallAsync(peer, 5);
        for (var i = 0; i <= Most; i++)
        {
            await NameAsync(peer, i % 2 == 0 ? 4u : 5u, (ushort)i);
        }

        Assert.Equal("Too many promises on this connection.", await peer.HearAbortAsync());
    }

    [Fact]
    public async Task Too_many_loopbacks_that_wait_for_an_answer_end_the_connection()
    {
        await using var peer = await OpenAsync();
        await HostilePeerTests.WaitCallAsync(peer, 1);
        for (var i = 0u; i < Most; i++)
        {
            await LoopbackAsync(peer, 1, i);
        }

        await peer.LivesAsync();
        await LoopbackAsync(peer, 1, Most);
        Assert.Equal("Too many promises on this connection.", await peer.HearAbortAsync());
        Assert.Equal(IpcErrorKind.Overloaded, peer.Connection.EndReason!.Kind);
        Assert.Single(peer.Log.Lines);
    }

    [Fact]
    public async Task Loopbacks_that_were_answered_count_no_more()
    {
        await using var peer = await OpenAsync();
        for (var i = 0u; i < 3 * Most; i++)
        {
            await GiveBackAsync(peer, i);
            await LoopbackAsync(peer, i, i);
            bool hasReturned = false, hasCome = false;
            while (!hasReturned || !hasCome)
            {
                var heard = (await peer.HearAsync())!.Value;
                hasReturned |= heard.Which == Message.Which.Return && heard.Return.AnswerId == i;
                hasCome |= heard.Which == Message.Which.Disembargo && heard.Disembargo.Context.ReceiverLoopback == i;
            }

            await HostilePeerTests.FinishAsync(peer, i);
        }

        await peer.LivesAsync();
    }

    private async Task<WirePeer> OpenAsync()
    {
        var peer = await WirePeer.OfServerAsync(
            _folder.File("node.sock"), options => options with { Limits = options.Limits with { MaxPromises = Most } });
        await peer.BootstrapAsync();
        await HostilePeerTests.ThreadAsync(peer, 0);
        return peer;
    }

    // A call that returns soon, with a place of another one's answer among its parameters.
    private async Task NameAsync(WirePeer peer, uint question, ushort field)
    {
        var id = ++_lastCall;
        await peer.CallAsync(id, more: call =>
        {
            var place = call.Params.InitCapTable(1)[0].InitReceiverAnswer();
            place.QuestionId = question;
            var step = place.InitTransform(1)[0];
            step.GetPointerField = field;
        });
        await HostilePeerTests.FinishAsync(peer, id);
    }

    private static Task LoopbackAsync(WirePeer peer, uint question, uint id) => peer.SayAsync(message =>
    {
        var disembargo = message.InitDisembargo();
        var place = disembargo.InitTarget().InitPromisedAnswer();
        place.QuestionId = question;
        var step = place.InitTransform(1)[0];
        step.GetPointerField = 0;
        var context = disembargo.Context;
        context.SenderLoopback = id;
    });

    // A call that gives back an object of the peer.
    private static Task GiveBackAsync(WirePeer peer, uint id) => peer.CallAsync(id, method: 6, call =>
    {
        var parameters = call.Params.Content.InitStruct(0, 2);
        parameters.GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new Entry());
        parameters.GetPointer(1).SetCapability(new Entry());
        var table = call.Params.InitCapTable(2);
        var thread = table[0];
        thread.ReceiverHosted = 2;
        var theirs = table[1];
        theirs.SenderHosted = 40;
    });

    private sealed class Entry : CapabilityHandle;
}
