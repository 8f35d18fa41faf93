using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Connections;

/// <summary>Capabilities that are not settled yet, seen from both ends, against a peer that is spoken by hand.</summary>
public sealed class PromiseTests
{
    private const ulong Any = 0xabcdef0123456789;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_on_an_unanswered_call_wait_in_order_and_go_to_what_it_brings()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        var (threadMapQuestion, makeQuestion) = (1u, 2u);

        // construct, makeThread on its result, make on that thread, add on what that makes: all before any answer.
        await CallAsync(peer, threadMapQuestion, 0, null, ProxySchema.InitInterface, ProxySchema.Construct);
        await CallAsync(peer, 10, threadMapQuestion, 0, ProxySchema.ThreadMapInterface, ProxySchema.MakeThread);
        await CallAsync(peer, makeQuestion, 0, null, TesterMethods.Interface, 4, thread: 10);
        for (var i = 0u; i < 20; i++)
        {
            var number = (long)i;
            await CallAsync(
                peer, 100 + i, makeQuestion, 0, TesterMethods.Interface, 1, thread: 10, fill: p => p.SetInt64(0, number));
        }

        var answered = new List<uint>();
        while (answered.Count < 23)
        {
            var heard = (await peer.HearAsync())!.Value;
            if (heard.Which == Message.Which.Return)
            {
                Assert.Equal(Return.Which.Results, heard.Return.Which);
                answered.Add(heard.Return.AnswerId);
            }
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), peer.Tester.Made[0].Added);
        Assert.Equal(Enumerable.Range(100, 20).Select(i => (uint)i), answered.Where(id => id >= 100));
    }

    [Fact]
    public async Task What_we_pipeline_is_addressed_by_the_question_and_then_by_the_import()
    {
        await using var peer = WirePeer.OfServer();
        var asking = peer.Connection.Protocol.Bootstrap();
        var first = asking.Pipeline();
        var early = first.Send(new OutgoingCall(Any, 1));
        Assert.Equal(0u, (await peer.HearAsync())!.Value.Bootstrap.QuestionId);
        var call = (await peer.HearAsync())!.Value.Call;
        Assert.Equal((1u, MessageTarget.Which.PromisedAnswer, 0u), (call.QuestionId, call.Target.Which, call.Target.PromisedAnswer.QuestionId));
        await ReturnAsync(peer, 0, CapDescriptor.Which.SenderHosted, 5, asContent: true);
        (await asking.Response.InTime()).Dispose();
        Assert.Equal(0u, (await peer.HearAsync())!.Value.Finish.QuestionId);

        _ = first.Send(new OutgoingCall(Any, 2));
        call = (await peer.HearAsync())!.Value.Call;
        Assert.Equal((MessageTarget.Which.ImportedCap, 5u), (call.Target.Which, call.Target.ImportedCap));

        // The import is released once, for as often as it came.
        await ReturnAsync(peer, 1, CapDescriptor.Which.SenderHosted, 5);
        (await early.Response.InTime()).Dispose();
        Assert.Equal(1u, (await peer.HearAsync())!.Value.Finish.QuestionId);
        first.Release();
        var release = (await peer.HearAsync())!.Value.Release;
        Assert.Equal((5u, 2u), (release.Id, release.ReferenceCount));
    }

    [Fact]
    public async Task What_we_pipeline_on_a_nested_place_says_the_whole_path_and_goes_there_once_it_is_known()
    {
        await using var peer = WirePeer.OfServer();
        var target = await ImportAsync(peer, 9, CapDescriptor.Which.SenderHosted);
        var pending = target.Send(Quick());
        var question = (await peer.HearAsync())!.Value.Call.QuestionId;
        var nested = pending.Pipeline(1, 0);
        _ = nested.Send(Quick());
        var promised = (await peer.HearAsync())!.Value.Call.Target.PromisedAnswer;
        Assert.Equal(question, promised.QuestionId);
        Assert.Equal(2, promised.Transform.Count);
        Assert.Equal((PromisedAnswer.Op.Which.GetPointerField, 1), (promised.Transform[0].Which, promised.Transform[0].GetPointerField));
        Assert.Equal((PromisedAnswer.Op.Which.GetPointerField, 0), (promised.Transform[1].Which, promised.Transform[1].GetPointerField));

        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = question;
            var payload = answer.InitResults();
            var descriptor = payload.InitCapTable(1)[0];
            descriptor.SenderHosted = 33;
            payload.Content.InitStruct(0, 2).GetPointer(1).InitStruct(0, 1).GetPointer(0).SetCapability(new AnyPlace());
        });
        using var response = await pending.Response.InTime();
        _ = nested.Send(Quick());
        Assert.Equal(33u, (await peer.HearAsync())!.Value.Call.Target.ImportedCap);
        nested.Release();
        target.Release();
    }

    private sealed class AnyPlace : CapabilityHandle;

    [Fact]
    public async Task A_promise_of_the_peer_that_becomes_ours_holds_new_calls_until_the_old_ones_came_around()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        var promise = await ImportAsync(peer, 9, CapDescriptor.Which.SenderPromise);

        // One call by way of the promise, then it turns out to be our own export 0.
        var roundabout = promise.Send(Quick());
        var sent = (await peer.HearAsync())!.Value.Call;
        Assert.Equal(9u, sent.Target.ImportedCap);
        await peer.SayAsync(message =>
        {
            var resolve = message.InitResolve();
            resolve.PromiseId = 9;
            var cap = resolve.InitCap();
            cap.ReceiverHosted = 0;
        });
        var loopback = (await peer.HearAsync())!.Value.Disembargo;
        Assert.Equal((9u, Disembargo.Context.Which.SenderLoopback), (loopback.Target.ImportedCap, loopback.Context.Which));
        var held = promise.Send(Quick());
        Assert.False(held.Response.IsCompleted);

        // The peer reflects the first call as a tail call, then answers the loopback.
        await peer.CallAsync(50, 7, call =>
        {
            var way = call.SendResultsTo;
            way.SetYourself();
        });
        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = sent.QuestionId;
            answer.TakeFromOtherQuestion = 50;
        });
        Assert.Equal(1, await CountAsync(roundabout));
        Assert.False(held.Response.IsCompleted);
        await peer.SayAsync(message =>
        {
            var disembargo = message.InitDisembargo();
            disembargo.InitTarget().ImportedCap = 0;
            var context = disembargo.Context;
            context.ReceiverLoopback = loopback.Context.SenderLoopback;
        });
        Assert.Equal(2, await CountAsync(held));

        // The tail call is answered as kept, and the outer one finished.
        var heard = new List<Message.Which>();
        while (heard.Count < 2)
        {
            var message = (await peer.HearAsync())!.Value;
            heard.Add(message.Which);
            if (message.Which == Message.Which.Return)
            {
                Assert.Equal((50u, Return.Which.ResultsSentElsewhere), (message.Return.AnswerId, message.Return.Which));
            }
            else
            {
                Assert.Equal(sent.QuestionId, message.Finish.QuestionId);
            }
        }

        await peer.SayAsync(message => message.InitFinish().QuestionId = 50);
        promise.Release();
        var released = (await peer.HearAsync())!.Value.Release;
        Assert.Equal((9u, 1u), (released.Id, released.ReferenceCount));
        await Eventually.Holds("only the first object is left", () =>
            peer.Connection.Protocol.Sizes is (0, 0, 1, 0, 0) ? null : $"{peer.Connection.Protocol.Sizes}");
    }

    [Fact]
    public async Task A_broken_promise_fails_with_the_reason_given()
    {
        await using var peer = WirePeer.OfServer();
        var promise = await ImportAsync(peer, 9, CapDescriptor.Which.SenderPromise);
        await peer.SayAsync(message =>
        {
            var resolve = message.InitResolve();
            resolve.PromiseId = 9;
            var failure = resolve.InitException();
            failure.Type = RpcException.Type.Overloaded;
            failure.Reason = "not today";
        });
        await promise.WhenResolved.InTime();
        var failed = await Assert.ThrowsAsync<IpcException>(() => promise.Send(Quick()).Response);
        Assert.Equal((IpcErrorKind.Overloaded, "not today"), (failed.Kind, failed.Reason));
    }

    [Fact]
    public async Task A_resolution_that_comes_too_late_is_let_go()
    {
        await using var peer = WirePeer.OfServer();
        var promise = await ImportAsync(peer, 9, CapDescriptor.Which.SenderPromise);
        promise.Release();
        Assert.Equal(9u, (await peer.HearAsync())!.Value.Release.Id);
        await peer.SayAsync(message =>
        {
            var resolve = message.InitResolve();
            resolve.PromiseId = 9;
            var cap = resolve.InitCap();
            cap.SenderHosted = 10;
        });
        var release = (await peer.HearAsync())!.Value.Release;
        Assert.Equal((10u, 1u), (release.Id, release.ReferenceCount));
    }

    [Fact]
    public async Task A_promise_of_ours_is_sent_as_one_and_resolved_later()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        var target = await ImportAsync(peer, 9, CapDescriptor.Which.SenderHosted);
        var promise = new QueuedCapability();
        var call = new OutgoingCall(Any, 1);
        call.Content.InitStruct(0, 1).GetPointer(0).SetCapability(promise.AddReference());
        _ = target.Send(call);
        var sent = (await peer.HearAsync())!.Value.Call.Params.CapTable[0];
        Assert.Equal(CapDescriptor.Which.SenderPromise, sent.Which);

        // A call to it waits here, and goes where the promise leads: back to the peer.
        await peer.SayAsync(message =>
        {
            var back = message.InitCall();
            back.QuestionId = 70;
            back.InterfaceId = Any;
            back.MethodId = 33;
            back.InitTarget().ImportedCap = sent.SenderPromise;
            back.InitParams().Content.InitStruct(1, 0).SetUInt64(0, 77);
        });
        await peer.LivesAsync();
        promise.Resolve(target.AddReference());
        promise.Release();
        var forwarded = (await peer.HearAsync())!.Value.Call;
        Assert.Equal((9u, (ushort)33), (forwarded.Target.ImportedCap, forwarded.MethodId));
        Assert.Equal(77ul, forwarded.Params.Content.GetStruct().GetUInt64(0));
        var resolved = (await peer.HearAsync())!.Value.Resolve;
        Assert.Equal((sent.SenderPromise, 9u), (resolved.PromiseId, resolved.Cap.ReceiverHosted));

        // Its answer comes back as that of the call that waited.
        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = forwarded.QuestionId;
            answer.InitResults().Content.InitStruct(1, 0).SetUInt64(0, 88);
        });
        while (true)
        {
            var heard = (await peer.HearAsync())!.Value;
            if (heard.Which == Message.Which.Return)
            {
                Assert.Equal((70u, 88ul), (heard.Return.AnswerId, heard.Return.Results.Content.GetStruct().GetUInt64(0)));
                break;
            }
        }
    }

    [Fact]
    public async Task A_loopback_is_answered_when_its_target_leads_back()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await CallAsync(peer, 1, 0, null, ProxySchema.InitInterface, ProxySchema.Construct);
        await peer.HearAsync();
        await CallAsync(peer, 2, 1, 0, ProxySchema.ThreadMapInterface, ProxySchema.MakeThread);
        await peer.HearAsync();

        // giveBack(our import 40) returns the peer's own object; a loopback to that place may come before the answer.
        await peer.SayAsync(message =>
        {
            var call = message.InitCall();
            call.QuestionId = 3;
            call.InterfaceId = TesterMethods.Interface;
            call.MethodId = 6;
            call.InitTarget().ImportedCap = 0;
            var parameters = call.InitParams().Content.InitStruct(0, 2);
            parameters.GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle());
            parameters.GetPointer(1).SetCapability(new AnyHandle());
            var table = call.Params.InitCapTable(2);
            var thread = table[0];
            thread.ReceiverHosted = 2;
            var theirs = table[1];
            theirs.SenderHosted = 40;
        });
        await peer.SayAsync(message =>
        {
            var disembargo = message.InitDisembargo();
            var place = disembargo.InitTarget().InitPromisedAnswer();
            place.QuestionId = 3;
            var step = place.InitTransform(1)[0];
            step.GetPointerField = 0;
            var context = disembargo.Context;
            context.SenderLoopback = 11;
        });
        while (true)
        {
            var heard = (await peer.HearAsync())!.Value;
            if (heard.Which == Message.Which.Return)
            {
                Assert.Equal(40u, heard.Return.Results.CapTable[0].ReceiverHosted);
            }
            else if (heard.Which == Message.Which.Disembargo)
            {
                Assert.Equal((11u, 40u), (heard.Disembargo.Context.ReceiverLoopback, heard.Disembargo.Target.ImportedCap));
                break;
            }
        }
    }

    [Fact]
    public async Task Answers_that_need_no_finish_get_none()
    {
        await using var peer = WirePeer.OfServer();
        var target = await ImportAsync(peer, 9, CapDescriptor.Which.SenderHosted);
        for (var round = 0; round < 3; round++)
        {
            var pending = target.Send(Quick());
            var call = (await peer.HearAsync())!.Value.Call;
            Assert.Equal(0u, call.QuestionId);
            await peer.SayAsync(message =>
            {
                var answer = message.InitReturn();
                answer.AnswerId = call.QuestionId;
                answer.NoFinishNeeded = true;
                answer.InitResults().Content.InitStruct(1, 0).SetUInt64(0, 5);
            });
            Assert.Equal(5, await CountAsync(pending));
        }
    }

    [Fact]
    public async Task A_cancelled_calls_number_is_not_used_before_its_return()
    {
        await using var peer = WirePeer.OfServer();
        var target = await ImportAsync(peer, 9, CapDescriptor.Which.SenderHosted);
        var first = target.Send(Quick());
        var id = (await peer.HearAsync())!.Value.Call.QuestionId;
        first.Cancel(Ct);
        var finish = (await peer.HearAsync())!.Value.Finish;
        Assert.Equal((id, true), (finish.QuestionId, finish.ReleaseResultCaps));
        _ = target.Send(Quick());
        Assert.NotEqual(id, (await peer.HearAsync())!.Value.Call.QuestionId);
        Assert.False(first.WhenEnded.IsCompleted);

        // The results that crossed are none of ours: what they bring is not imported.
        await ReturnAsync(peer, id, CapDescriptor.Which.SenderHosted, 30);
        await first.WhenEnded.InTime();
        Assert.Equal(1, peer.Connection.Protocol.Sizes.Imports);
        _ = target.Send(Quick());
        Assert.Equal(id, (await peer.HearAsync())!.Value.Call.QuestionId);
    }

    [Fact]
    public async Task An_abort_fails_everything_with_its_text()
    {
        await using var peer = WirePeer.OfServer();
        var target = await ImportAsync(peer, 9, CapDescriptor.Which.SenderHosted);
        var pending = target.Send(Quick());
        await peer.SayAsync(message =>
        {
            var abort = message.InitAbort();
            abort.Reason = "enough of you";
        });
        var failed = await Assert.ThrowsAsync<IpcException>(() => pending.Response.InTime());
        Assert.Equal((IpcErrorKind.Disconnected, "remote exception: enough of you"), (failed.Kind, failed.Message));
    }

    [Fact]
    public async Task Capabilities_of_parameters_may_be_released_by_the_return()
    {
        await using var peer = WirePeer.OfServer();
        var target = await ImportAsync(peer, 9, CapDescriptor.Which.SenderHosted);
        var call = Quick();
        var ours = new ThreadCapability(peer.Connection, "ours", overlapping: true);
        call.Content.GetStruct(0, 1).GetPointer(0).SetCapability(ours);
        var pending = target.Send(call);
        var sent = (await peer.HearAsync())!.Value.Call;
        Assert.Equal(1, peer.Connection.Protocol.Sizes.Exports);
        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = sent.QuestionId;
            answer.ReleaseParamCaps = true;
            answer.InitResults().Content.InitStruct(1, 0);
        });
        (await pending.Response.InTime()).Dispose();
        Assert.Equal(0, peer.Connection.Protocol.Sizes.Exports);
        Assert.Equal(0, ours.References);
    }

    private static OutgoingCall Quick()
    {
        var call = new OutgoingCall(TesterMethods.Interface, 7);
        call.Content.InitStruct(0, 1);
        return call;
    }

    private static async Task<long> CountAsync(PendingCall pending)
    {
        using var response = await pending.Response.InTime();
        return response.Content.GetStruct().GetInt64(0);
    }

    /// <summary>An import of that number, brought by the answer to a bootstrap of ours.</summary>
    private static async Task<Capability> ImportAsync(WirePeer peer, uint id, CapDescriptor.Which kind)
    {
        var asking = peer.Connection.Protocol.Bootstrap();
        var cap = asking.Pipeline();
        var question = (await peer.HearAsync())!.Value.Bootstrap.QuestionId;
        await ReturnAsync(peer, question, kind, id, asContent: true);
        (await asking.Response.InTime()).Dispose();
        Assert.Equal(question, (await peer.HearAsync())!.Value.Finish.QuestionId);
        var import = cap.Resolution.AddReference();
        cap.Release();
        return import;
    }

    private static Task ReturnAsync(WirePeer peer, uint answerId, CapDescriptor.Which kind, uint id, bool asContent = false) =>
        peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = answerId;
            var results = answer.InitResults();
            (asContent ? results.Content : results.Content.InitStruct(0, 1).GetPointer(0)).SetCapability(new AnyHandle());
            var descriptor = results.InitCapTable(1)[0];
            descriptor.Raw.SetUInt16(0, (ushort)kind);
            descriptor.Raw.SetUInt32(1, id);
        });

    /// <summary>A call to export 0, or to a field of the results of a question; on the thread that another question makes.</summary>
    private static Task CallAsync(
        WirePeer peer, uint id, uint target, ushort? field, ulong interfaceId, ushort method, uint? thread = null,
        Action<StructBuilder>? fill = null) => peer.SayAsync(message =>
    {
        var call = message.InitCall();
        call.QuestionId = id;
        call.InterfaceId = interfaceId;
        call.MethodId = method;
        var place = call.InitTarget();
        if (field is { } index)
        {
            Promised(place.InitPromisedAnswer(), target, index);
        }
        else
        {
            place.ImportedCap = target;
        }

        var parameters = call.InitParams().Content.InitStruct(2, 1);
        fill?.Invoke(parameters);
        if (thread is { } lane)
        {
            parameters.GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle());
            Promised(call.Params.InitCapTable(1)[0].InitReceiverAnswer(), lane, 0);
        }
    });

    private static void Promised(PromisedAnswer.Builder answer, uint question, ushort field)
    {
        answer.QuestionId = question;
        var step = answer.InitTransform(1)[0];
        step.GetPointerField = field;
    }

    private sealed class AnyHandle : CapabilityHandle;
}
