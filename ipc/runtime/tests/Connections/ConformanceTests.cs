using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Connections;

/// <summary>Rows of the conformance list that nothing else covers; <c>docs/ipc.md</c> has the whole list.</summary>
public sealed class ConformanceTests
{
    private const ulong Any = 0xabcdef0123456789;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_named_twice_in_a_message_is_one_export_counted_twice()
    {
        await using var peer = WirePeer.OfServer();
        var import = await ImportAsync(peer, 3);
        await using var tester = new KeptObject(peer.Connection);

        OutgoingCall call = new(Any, 1);
        var parameters = call.Content.InitStruct(0, 3);
        parameters.GetPointer(0).SetCapability(tester.Capability.AddReference());
        parameters.GetPointer(1).SetCapability(tester.Capability.AddReference());
        parameters.GetPointer(2).SetCapability(import.AddReference());
        var pending = import.Send(call);
        var heard = (await peer.HearAsync())!.Value.Call;
        var table = heard.Params.CapTable;
        Assert.Equal(3, table.Count);
        Assert.Equal((CapDescriptor.Which.SenderHosted, CapDescriptor.Which.SenderHosted), (table[0].Which, table[1].Which));
        Assert.Equal(table[0].SenderHosted, table[1].SenderHosted);
        Assert.Equal((CapDescriptor.Which.ReceiverHosted, 3u), (table[2].Which, table[2].ReceiverHosted));
        var id = table[0].SenderHosted;

        foreach (var left in (int[])[1, 0])
        {
            await peer.SayAsync(message =>
            {
                var release = message.InitRelease();
                release.Id = id;
                release.ReferenceCount = 1;
            });
            var isHeld = left > 0;
            await Eventually.Holds("exports", () => peer.Connection.Protocol.Sizes.Exports > 0 == isHeld ? null : "not yet");
        }

        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = heard.QuestionId;
            answer.ReleaseParamCaps = false;
            answer.InitResults();
        });
        (await pending.Response.InTime()).Dispose();
        import.Release();
    }

    [Fact]
    public async Task A_chain_of_promises_ten_thousand_long_is_walked_called_and_released_without_a_stack()
    {
        const uint Length = 10_000;
        await using var peer = WirePeer.OfServer(options => options with
        {
            Limits = options.Limits with { MaxCapabilities = (int)Length + 1 }, // the usual limit would end it one link earlier
        });
        var first = await ImportAsync(peer, 1, CapDescriptor.Which.SenderPromise);
        for (var i = 1u; i < Length; i++)
        {
            var number = i;
            await peer.SayAsync(message =>
            {
                var resolve = message.InitResolve();
                resolve.PromiseId = number;
                var cap = resolve.InitCap();
                if (number + 1 < Length)
                {
                    cap.SenderPromise = number + 1;
                }
                else
                {
                    cap.SenderHosted = number + 1;
                }
            });
        }

        await Eventually.Holds(
            "the end is known", () => first.Resolution is ImportedCapability { Id: Length } ? null : "not yet");
        _ = first.Send(new OutgoingCall(Any, 1));
        Assert.Equal(Length, (await peer.HearAsync())!.Value.Call.Target.ImportedCap);
        first.Release();
        for (var i = 0; i < Length; i++)
        {
            Assert.Equal(Message.Which.Release, (await peer.HearAsync())!.Value.Which);
        }

        Assert.Equal(0, peer.Connection.Protocol.Sizes.Imports);
    }

    [Fact]
    public async Task A_promise_that_resolves_to_itself_is_broken()
    {
        await using var peer = WirePeer.OfServer();
        var promise = await ImportAsync(peer, 1, CapDescriptor.Which.SenderPromise);
        await peer.SayAsync(message =>
        {
            var resolve = message.InitResolve();
            resolve.PromiseId = 1;
            var cap = resolve.InitCap();
            cap.SenderPromise = 1;
        });
        await promise.WhenResolved.InTime();
        var failure = await Assert.ThrowsAsync<IpcException>(() => promise.Send(new OutgoingCall(Any, 1)).Response.InTime());
        Assert.Equal("A promise was resolved to itself.", failure.Message);
        promise.Release();
    }

    [Fact]
    public async Task Hints_of_newer_callers_change_nothing()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        foreach (var (id, bit) in ((uint, int)[])[(1, 129), (0x8000_0002, 130)])
        {
            await peer.CallAsync(id, 7, call => call.Raw.SetBool(bit, true));
            var answer = (await peer.HearAsync())!.Value.Return;
            Assert.Equal((id, Return.Which.Results), (answer.AnswerId, answer.Which));
            await peer.SayAsync(message => message.InitFinish().QuestionId = id);
        }

        await peer.LivesAsync();
        await Eventually.Holds("answers", () => peer.Connection.Protocol.Sizes.Answers == 1 ? null : "not yet"); // the last is not finished
    }

    [Fact]
    public async Task An_exceptions_text_of_megabytes_is_kept_to_its_beginning()
    {
        await using var peer = WirePeer.OfServer();
        var import = await ImportAsync(peer, 3);
        var pending = import.Send(new OutgoingCall(Any, 1));
        var question = (await peer.HearAsync())!.Value.Call.QuestionId;
        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = question;
            answer.InitException().Reason = new string('x', 10 << 20);
        });
        var failure = await Assert.ThrowsAsync<IpcException>(() => pending.Response.InTime());
        Assert.InRange(failure.Message.Length, 100, 5000);
        import.Release();
    }

    [Fact]
    public async Task A_message_that_is_trickled_is_not_waited_for_for_ever()
    {
        ManualTime time = new();
        time.Advance(TimeSpan.FromMilliseconds(1));
        await using var peer = WirePeer.OfServer(options => options with
        {
            Time = time,
            Limits = options.Limits with
            {
                HeartbeatInterval = TimeSpan.FromMinutes(1), HeartbeatTimeout = TimeSpan.FromHours(1), MessageTimeout = TimeSpan.FromMilliseconds(100),
            },
        });
        await peer.BootstrapAsync();
        await peer.LivesAsync();
        await peer.SayHexAsync("00000000 00001000 0000000001000100");
        await Eventually.Holds("the message has begun", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return peer.Connection.Protocol.UnfinishedFor > TimeSpan.Zero ? null : "not yet";
        });
        for (var i = 0; i < 10; i++)
        {
            await peer.SayAsync([0]);
            time.Advance(TimeSpan.FromMilliseconds(20));
        }

        time.Advance(TimeSpan.FromMinutes(1)); // it looks
        await Eventually.Holds("it is given up", () => peer.Connection.EndReason is null ? "not yet" : null);
        await peer.HangUpAsync();
        await peer.Connection.Completion.InTime();
        Assert.Equal("Peer does not finish its message.", peer.Connection.EndReason!.Message);
    }

    [Fact]
    public async Task A_threads_name_is_made_fit_for_a_log()
    {
        await using var peer = WirePeer.OfServer();
        var thread = await MakeThreadAsync(peer, "\u001b[31m\n" + new string('x', 1 << 20));
        await peer.CallAsync(3, ProxySchema.GetName, call =>
        {
            call.InterfaceId = ProxySchema.ThreadInterface;
            call.InitTarget().ImportedCap = thread;
        });
        var name = (await peer.HearAsync())!.Value.Return.Results.Content.GetStruct().GetPointer(0).GetText();
        Assert.Contains(@"(from \1b[31m\0axxx", name, StringComparison.Ordinal);
        Assert.InRange(name.Length, 20, 300);
    }

    [Fact]
    public async Task Calls_that_name_one_thread_run_one_after_another()
    {
        await using var peer = WirePeer.OfServer();
        var thread = await MakeThreadAsync(peer, "");

        // wait, which only ends when it is finished, then add: it does not overtake.
        await CallOnAsync(peer, 3, TesterMethods.Wait, thread);
        await peer.Tester.WaitStarted.Task.InTime();
        await CallOnAsync(peer, 4, TesterMethods.Add, thread);
        await peer.LivesAsync();
        Assert.Empty(peer.Tester.Added);
        await peer.SayAsync(message => message.InitFinish().QuestionId = 3);
        var answers = new List<uint>();
        while (answers.Count < 2)
        {
            if ((await peer.HearAsync())!.Value is { Which: Message.Which.Return } heard)
            {
                answers.Add(heard.Return.AnswerId);
            }
        }

        Assert.Equal([3u, 4u], answers);
    }

    // The question numbers 1 and 2 are used up by it.
    private static async Task<uint> MakeThreadAsync(WirePeer peer, string name)
    {
        await peer.BootstrapAsync();
        await peer.CallAsync(1, ProxySchema.Construct, call =>
        {
            call.InterfaceId = ProxySchema.InitInterface;
            call.Params.Content.InitStruct(0, 1);
        });
        var threadMap = (await peer.HearAsync())!.Value.Return.Results.CapTable[0].SenderHosted;
        await peer.CallAsync(2, ProxySchema.MakeThread, call =>
        {
            call.InterfaceId = ProxySchema.ThreadMapInterface;
            call.InitTarget().ImportedCap = threadMap;
            var arguments = call.Params.Content.InitStruct(0, 1);
            if (name.Length > 0)
            {
                arguments.GetPointer(0).SetText(name);
            }
        });
        return (await peer.HearAsync())!.Value.Return.Results.CapTable[0].SenderHosted;
    }

    private static Task CallOnAsync(WirePeer peer, uint question, ProxyMethod method, uint thread) => peer.CallAsync(question, method.MethodId, call =>
    {
        var payload = call.Params;
        var cap = payload.InitCapTable(1)[0];
        cap.ReceiverHosted = thread;
        var context = payload.Content.InitStruct(method.ParamDataWords, method.ParamPointers).GetPointer(0).InitStruct(0, 2);

        // Index 0 of the table; the builder's own list of capabilities is for connections.
        context.GetPointer(0).SetCapability(new Placeholder());
    });

    private static async Task<Capability> ImportAsync(
        WirePeer peer, uint id, CapDescriptor.Which kind = CapDescriptor.Which.SenderHosted)
    {
        var asking = peer.Connection.Protocol.Bootstrap();
        var question = (await peer.HearAsync())!.Value.Bootstrap.QuestionId;
        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = question;
            var payload = answer.InitResults();
            var descriptor = payload.InitCapTable(1)[0];
            if (kind == CapDescriptor.Which.SenderPromise)
            {
                descriptor.SenderPromise = id;
            }
            else
            {
                descriptor.SenderHosted = id;
            }

            payload.Content.SetCapability(new Placeholder());
        });
        using var response = await asking.Response.InTime();
        var capability = (Capability)response.Content.GetCapability()!; // the table has one
        capability.AddReference();
        response.Dispose();
        Assert.Equal(Message.Which.Finish, (await peer.HearAsync())!.Value.Which);
        return capability;
    }

    private sealed class Placeholder : CapabilityHandle;

    /// <summary>An object of ours with a reference of the test's own.</summary>
    private sealed class KeptObject(ProxyConnection connection) : IAsyncDisposable
    {
        internal Capability Capability { get; } = (Capability)connection.Export<ITester>(
            new Tester(), static (tester, own) => new TesterServer(tester, own))!; // not null, since the object isn't

        public ValueTask DisposeAsync()
        {
            Capability.Release();
            return ValueTask.CompletedTask;
        }
    }
}
