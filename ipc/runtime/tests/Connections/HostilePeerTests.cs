using Dash.Ipc.Connections;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Connections;

/// <summary>What a peer may say wrong, and that it costs only its own connection.</summary>
[Collection(nameof(Alone))]
public sealed class HostilePeerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ffffffff ffffffff", "Message did not contain a root pointer.")]
    [InlineData("00020000 00000000", "Message has too many segments.")]
    [InlineData("00000000 01008000", "Message is too large.")]
    [InlineData("00000000 00000000", "Message did not contain a root pointer.")]
    [InlineData("4745542f20485454502f312e310d0a0d0a0d0a0d0a", "Message has too many segments.")] // GET / HTTP
    public async Task Bytes_that_are_no_frame_end_the_connection_with_one_line(string hex, string reason)
    {
        await using var peer = WirePeer.OfServer();
        await peer.SayHexAsync(hex);
        Assert.Equal(reason, await peer.HearAbortAsync());
        Assert.Single(peer.Log.Lines);
    }

    [Theory]
    [InlineData("0000000001000000 0000000000000000", "Peer did not implement required RPC message type.")] // null root
    [InlineData("0000000001000000 0100000001000000", null)] // a list as root
    [InlineData("0000000001000000 fc7f000001000100", null)] // out of bounds
    [InlineData("0000000001000000 0200000005000000", null)] // far to a segment it doesn't have
    [InlineData("0000000002000000 0000000001000000 6300000000000000", "unimplemented")] // tag 99 is only unknown
    public async Task Roots_that_lead_nowhere_end_the_connection(string hex, string? reason)
    {
        await using var peer = WirePeer.OfServer();
        await peer.SayHexAsync(hex);
        if (reason == "unimplemented")
        {
            Assert.Equal(Message.Which.Unimplemented, (await peer.HearAsync())!.Value.Which);
            await peer.BootstrapAsync();
            return;
        }

        var heard = await peer.HearAbortAsync();
        Assert.True(reason is null || heard == reason, heard);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_inside_a_frame_is_a_disconnect(bool inBody)
    {
        await using var peer = WirePeer.OfServer();
        await peer.SayHexAsync(inBody ? "0000000005000000 0000000001000100" : "000000");
        await peer.HangUpAsync();
        Assert.Null(await peer.HearAsync());
        await peer.Connection.Completion.InTime();
        Assert.Equal("Peer disconnected.", peer.Connection.EndReason!.Message);
        Assert.Single(peer.Log.Lines);
    }

    [Fact]
    public async Task Frames_may_come_byte_by_byte()
    {
        await using var peer = WirePeer.OfServer();
        var frame = Convert.FromHexString("0000000005000000000000000100010008000000000000000000000001000100" + "00000000000000000000000000000000");
        foreach (var one in frame)
        {
            await peer.SayAsync([one]);
        }

        Assert.Equal(Message.Which.Return, (await peer.HearAsync())!.Value.Which);
    }

    [Fact]
    public async Task Breaches_of_the_protocol_end_the_connection_with_the_reference_texts()
    {
        await AbortsAsync("Message target is not a current export ID.", message =>
        {
            var call = message.InitCall();
            call.InitTarget().ImportedCap = 77;
        });
        await AbortsAsync("Tried to release invalid export ID.", message =>
        {
            var release = message.InitRelease();
            release.Id = 77;
            release.ReferenceCount = 1;
        });
        await AbortsAsync("Tried to drop export's refcount below zero.", message =>
        {
            var release = message.InitRelease();
            release.Id = 0;
            release.ReferenceCount = 2;
        });
        await AbortsAsync("Invalid question ID in Return message.", message => message.InitReturn().AnswerId = 5);
        await AbortsAsync("Peer did not implement required RPC message type.", message =>
            message.InitUnimplemented().InitFinish());
        await AbortsAsync("unknown CapDescriptor type", message =>
        {
            var call = message.InitCall();
            call.QuestionId = 3;
            call.InitTarget().ImportedCap = 0;
            call.InitParams().InitCapTable(1)[0].Raw.SetUInt16(0, 9);
        });
        await AbortsAsync("Unsupported `Call.sendResultsTo`.", message =>
        {
            var call = message.InitCall();
            call.InitTarget().ImportedCap = 0;
            call.Raw.SetUInt16(3, 2);
        });
        await AbortsAsync("Invalid embargo ID in 'Disembargo.receiverLoopback'.", message =>
        {
            var context = message.InitDisembargo().Context;
            context.ReceiverLoopback = 3;
        });
        await AbortsAsync(
            "'Disembargo' of type 'senderLoopback' sent to an object that does not point back to the sender.", message =>
            {
                var disembargo = message.InitDisembargo();
                disembargo.InitTarget().ImportedCap = 0;
                var context = disembargo.Context;
                context.SenderLoopback = 3;
            });
    }

    [Fact]
    public async Task A_question_number_in_use_ends_the_connection()
    {
        await using var peer = WirePeer.OfServer();
        await peer.SayAsync(message => message.InitBootstrap().QuestionId = 5);
        await peer.SayAsync(message => message.InitBootstrap().QuestionId = 5);
        Assert.Equal("questionId is already in use", await peer.HearAbortAsync());
    }

    [Fact]
    public async Task Numbers_of_questions_are_the_peers_to_choose()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        foreach (var id in new[] { uint.MaxValue, 1u << 31, 3u << 29 })
        {
            await peer.CallAsync(id);
            Assert.Equal(id, (await peer.HearAsync())!.Value.Return.AnswerId);
        }
    }

    [Fact]
    public async Task Finishing_what_is_not_open_is_ignored()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await peer.SayAsync(message => message.InitFinish().QuestionId = 99);
        await peer.LivesAsync();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(14)]
    [InlineData(99)]
    public async Task Messages_we_do_not_know_come_back_as_unimplemented(int tag)
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await peer.SayAsync(message =>
        {
            message.Raw.SetUInt16(0, (ushort)tag);
            message.Raw.GetPointer(0).InitStruct(1, 0).SetUInt64(0, 12345);
        });
        var echo = (await peer.HearAsync())!.Value;
        Assert.Equal(Message.Which.Unimplemented, echo.Which);
        Assert.Equal(tag, (int)echo.Unimplemented.Which);
        Assert.Equal(12345ul, echo.Unimplemented.Raw.GetPointer(0).GetStruct().GetUInt64(0));
        await peer.LivesAsync();
    }

    [Fact]
    public async Task Bad_pointers_in_parameters_fail_only_that_call()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await peer.CallAsync(1, method: 8, call => call.Params.Content.InitStruct(0, 2).GetPointer(0).SetText("no struct"));
        var heard = (await peer.HearAsync())!.Value.Return;
        Assert.Equal(Return.Which.Exception, heard.Which);
        await peer.LivesAsync();
    }

    [Fact]
    public async Task Contexts_that_name_no_lane_fail_with_the_reference_texts()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();

        // No context, a null thread, and one that is no thread: our own first object.
        await peer.CallAsync(1, method: 1, call => call.Params.Content.InitStruct(2, 1));
        Assert.Equal("std::exception: no thread specified and no pool configured", (await peer.HearAsync())!.Value.Return.Exception.Reason);
        await peer.CallAsync(2, method: 1, call =>
        {
            call.Params.Content.InitStruct(2, 1).GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle());
            call.Params.InitCapTable(1)[0].Raw.SetUInt16(0, (ushort)CapDescriptor.Which.ReceiverHosted);
        });
        Assert.Equal("std::exception: invalid thread handle", (await peer.HearAsync())!.Value.Return.Exception.Reason);

        // A capability that the table doesn't have, and one that was never ours.
        await peer.CallAsync(3, method: 1, call =>
            call.Params.Content.InitStruct(2, 1).GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle()));
        Assert.Equal(Return.Which.Exception, (await peer.HearAsync())!.Value.Return.Which);
        await peer.CallAsync(4, method: 1, call =>
        {
            call.Params.Content.InitStruct(2, 1).GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle());
            var descriptor = call.Params.InitCapTable(1)[0];
            descriptor.ReceiverHosted = 999;
        });
        Assert.Equal("invalid 'receiverHosted' export ID", (await peer.HearAsync())!.Value.Return.Exception.Reason);
        await peer.LivesAsync();
    }

    [Fact]
    public async Task Calls_on_places_that_hold_no_capability_fail_alone()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await peer.CallAsync(1);
        await peer.HearAsync();

        await peer.CallAsync(2, more: call => call.Target.InitPromisedAnswer().QuestionId = 1);
        Assert.Equal("Called null capability.", (await peer.HearAsync())!.Value.Return.Exception.Reason);
        await peer.CallAsync(3, more: call =>
        {
            var answer = call.Target.InitPromisedAnswer();
            answer.QuestionId = 1;
            var step = answer.InitTransform(1)[0];
            step.GetPointerField = 7;
        });
        Assert.Equal("Invalid pipeline transform.", (await peer.HearAsync())!.Value.Return.Exception.Reason);
        await peer.CallAsync(4, more: call => call.Target.InitPromisedAnswer().QuestionId = 555);
        Assert.Equal(
            "Pipeline call on a request that returned no capabilities or was already closed.",
            (await peer.HearAsync())!.Value.Return.Exception.Reason);
        await peer.LivesAsync();
    }

    [Fact]
    public async Task Too_many_unfinished_calls_end_the_connection()
    {
        await using var peer = WirePeer.OfServer(options => options with { Limits = options.Limits with { MaxAnswers = 50 } });
        for (var id = 0u; id <= 50; id++)
        {
            var one = id;
            await peer.SayAsync(message => message.InitBootstrap().QuestionId = one);
        }

        Assert.Equal("Too many calls that were not finished.", await peer.HearAbortAsync());
        Assert.Equal(Dash.Ipc.Capabilities.IpcErrorKind.Overloaded, peer.Connection.EndReason!.Kind);
    }

    [Fact]
    public async Task Too_many_running_calls_fail_as_overloaded_and_the_rest_goes_on()
    {
        await using var peer = WirePeer.OfServer(options => options with { Limits = options.Limits with { MaxRunningCalls = 2 } });
        await peer.BootstrapAsync();
        await ThreadAsync(peer, 0);
        for (var id = 1u; id <= 3; id++)
        {
            await WaitCallAsync(peer, id);
        }

        var refused = (await peer.HearAsync())!.Value.Return;
        Assert.Equal((3u, RpcException.Type.Overloaded), (refused.AnswerId, refused.Exception.Type));
    }

    [Fact]
    public async Task A_capability_table_of_nothing_times_millions_is_refused()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await peer.CallAsync(1, more: call => call.Params.Raw.GetPointer(1).InitStructList(1 << 22, 0, 0));
        await peer.HearAbortAsync();
    }

    [Fact]
    public async Task Threads_are_limited_and_given_back()
    {
        await using var peer = WirePeer.OfServer(options => options with { Limits = options.Limits with { MaxThreads = 3 } });
        await peer.BootstrapAsync();
        await ConstructAsync(peer);
        for (var id = 10u; id < 13; id++)
        {
            await MakeThreadAsync(peer, id, finish: true);
        }

        var refused = await MakeThreadAsync(peer, 20, finish: false);
        Assert.Equal(RpcException.Type.Overloaded, refused.Exception.Type);
        await peer.SayAsync(message =>
        {
            var release = message.InitRelease();
            release.Id = 2; // the first of them, behind the first object and the thread map
            release.ReferenceCount = 1;
        });
        Assert.Equal(Return.Which.Results, (await MakeThreadAsync(peer, 21, finish: true)).Which);
    }

    [Fact]
    public async Task A_call_that_is_finished_at_once_still_runs_and_returns_canceled()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await ThreadAsync(peer, 0);
        await WaitCallAsync(peer, 1);
        await peer.Tester.WaitStarted.Task.InTime();
        await peer.SayAsync(message => message.InitFinish().QuestionId = 1);
        var heard = (await peer.HearAsync())!.Value.Return;
        Assert.Equal((1u, Return.Which.Canceled), (heard.AnswerId, heard.Which));
        await peer.Tester.WaitCancelled.Task.InTime();
        await peer.LivesAsync();
    }

    [Fact]
    public async Task An_object_lives_while_a_call_on_it_runs_and_ends_once()
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await ThreadAsync(peer, 0);
        await WaitCallAsync(peer, 1);
        await peer.Tester.WaitStarted.Task.InTime();
        await peer.SayAsync(message =>
        {
            var release = message.InitRelease();
            release.ReferenceCount = 1;
        });
        await peer.HangUpAsync();
        await peer.Tester.WaitCancelled.Task.InTime();
        await peer.Tester.Disposed.Task.InTime();
        await peer.Connection.Completion.InTime();
        Assert.Equal(1, peer.Tester.Disposals);
    }

    [Fact]
    public async Task A_peer_that_never_reads_is_given_up()
    {
        await using var peer = WirePeer.OfServer(options => options with
        {
            Limits = options.Limits with { SendHardBytes = 4 << 20, CloseTimeout = TimeSpan.FromMilliseconds(50) },
        });
        await peer.BootstrapAsync();
        await ThreadAsync(peer, 0);
        var data = new byte[1 << 20];
        try
        {
            for (var id = 1u; id < 20 && peer.Connection.EndReason is null; id++)
            {
                await peer.CallAsync(id, method: 8, call =>
                {
                    var parameters = call.Params.Content.InitStruct(0, 2);
                    parameters.GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle());
                    parameters.GetPointer(1).SetData(data);
                    NameThread(call);
                });
            }
        }
        catch (InvalidOperationException)
        {
            // It was given up just now and no longer listens.
        }

        await peer.Connection.Completion.InTime();
        Assert.Equal("Peer does not read: too much waits to be sent.", peer.Connection.EndReason!.Message);
    }

    [Fact]
    public async Task A_silent_peer_is_asked_and_then_given_up()
    {
        await using var peer = WirePeer.OfServer(options => options with
        {
            Limits = options.Limits with
            {
                HeartbeatInterval = TimeSpan.FromMilliseconds(20), HeartbeatTimeout = TimeSpan.FromMilliseconds(100),
            },
        });
        Assert.Equal(Message.Which.Bootstrap, (await peer.HearAsync())!.Value.Which);
        await peer.Connection.Completion.InTime();
        Assert.Equal("Peer does not answer.", peer.Connection.EndReason!.Message);
    }

    [Fact]
    public async Task Spoiled_sessions_never_hurt_more_than_their_own_connection()
    {
        const int Seed = 20_260_101;
        Random random = new(Seed);
        var rounds = LongRun.Scale(2_000, 100_000);
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        Growth? growth = null;
        for (var round = 0; round < rounds; round++)
        {
            await using var peer = WirePeer.OfServer();
            if (random.Next(2) == 0)
            {
                await peer.BootstrapAsync();
            }

            var said = RandomSession.Next(random);
            try
            {
                await peer.SayAsync(said);
                await peer.HangUpAsync();
                while (await peer.HearAsync() is not null)
                {
                }

                await peer.Connection.Completion.InTime();
                Assert.Equal((0, 0, 0, 0, 0), peer.Connection.Protocol.Sizes);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Round {round} of seed {Seed}: {Convert.ToHexString(said)}", failure);
            }

            var reason = peer.Connection.EndReason!.Message; // it has ended
            ends[reason] = ends.GetValueOrDefault(reason) + 1;
            if (round == rounds / 2)
            {
                growth = new Growth();
            }
        }

        // Many ways to end were met; and the second half left nothing that the first had not.
        Assert.True(ends.Count > 8, string.Join('\n', ends));
        growth?.IsNone();
    }

    private static async Task AbortsAsync(string reason, Action<Message.Builder> breach)
    {
        await using var peer = WirePeer.OfServer();
        await peer.BootstrapAsync();
        await peer.SayAsync(breach);
        Assert.Equal(reason, await peer.HearAbortAsync());
        await peer.Tester.Disposed.Task.InTime();
        Assert.Equal((0, 0, 0, 0, 0), peer.Connection.Protocol.Sizes);
    }

    // Export 1 becomes the thread map and export 2 a lane.
    internal static async Task ThreadAsync(WirePeer peer, int lanes)
    {
        await ConstructAsync(peer);
        for (var i = 0; i <= lanes; i++)
        {
            await MakeThreadAsync(peer, (uint)(100 + i), finish: true);
        }
    }

    private static async Task ConstructAsync(WirePeer peer)
    {
        await peer.SayAsync(message =>
        {
            var call = message.InitCall();
            call.QuestionId = 90;
            call.InterfaceId = ProxySchema.InitInterface;
            call.MethodId = ProxySchema.Construct;
            call.InitTarget().ImportedCap = 0;
            call.InitParams().Content.InitStruct(0, 1);
        });
        var returned = (await peer.HearAsync())!.Value.Return;
        Assert.Equal(1u, returned.Results.CapTable[0].SenderHosted);
        await FinishAsync(peer, 90);
    }

    private static async Task<Return.Reader> MakeThreadAsync(WirePeer peer, uint id, bool finish)
    {
        await peer.SayAsync(message =>
        {
            var call = message.InitCall();
            call.QuestionId = id;
            call.InterfaceId = ProxySchema.ThreadMapInterface;
            call.MethodId = ProxySchema.MakeThread;
            call.InitTarget().ImportedCap = 1;
            call.InitParams().Content.InitStruct(0, 1).GetPointer(0).SetText("peer\n\u001b[31m");
        });
        var returned = (await peer.HearAsync())!.Value.Return;
        if (finish)
        {
            await FinishAsync(peer, id);
        }

        return returned;
    }

    internal static Task FinishAsync(WirePeer peer, uint id) => peer.SayAsync(message =>
    {
        var finish = message.InitFinish();
        finish.QuestionId = id;
        finish.ReleaseResultCaps = false;
    });

    // Each on the same lane would wait for the one before; they only have to have been delivered.
    internal static Task WaitCallAsync(WirePeer peer, uint id) => peer.CallAsync(id, method: 5, call =>
    {
        call.Params.Content.InitStruct(0, 1).GetPointer(0).InitStruct(0, 2).GetPointer(0).SetCapability(new AnyHandle());
        NameThread(call);
    });

    private static void NameThread(Call.Builder call)
    {
        var descriptor = call.Params.InitCapTable(1)[0];
        descriptor.ReceiverHosted = 2;
    }

    // Makes a capability pointer of index 0; what it stands for the descriptor says.
    private sealed class AnyHandle : CapabilityHandle;
}
