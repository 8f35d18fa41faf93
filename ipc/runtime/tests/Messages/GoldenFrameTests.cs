using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Tests.Messages;

/// <summary>Frames as C++ peers send them: read by our schema of the protocol, and the same built by us.</summary>
public sealed class GoldenFrameTests
{
    private const string Bootstrap =
        "0000000005000000 0000000001000100 0800000000000000 0000000001000100 0000000000000000 0000000000000000";

    private const string ReturnHosted =
        "000000000b000000 0000000001000100 0300000000000000 0000000002000100 0000000000000000 0000000000000000"
        + "0000000000000200 0300000000000000 0100000017000000 0400000001000100 0100000000000000 0000000000000000";

    private const string CallPipelined =
        "0000000011000000 0000000001000100 0200000000000000 0000000003000300 0100000004000000 efcdab9078563412"
        + "0000000000000000 1400000001000100 0400000000000200 0000000000000000 0400000001000000 0000000000000000"
        + "0700000000000000 0000000001000000 0000000001000100 0000000000000000 0100000007000000 0000000001000000";

    private const string DisembargoReply =
        "0000000007000000 0000000001000100 0d00000000000000 0000000001000100 0700000001000000 0000000001000100"
        + "0500000000000000 0000000000000000";

    private const string ResolveToOurs =
        "0000000007000000 0000000001000100 0500000000000000 0000000001000100 0100000000000000 0000000001000100"
        + "0300000006000000 0000000000000000";

    private const string ReturnTaken =
        "0000000006000000 0000000001000100 0300000000000000 0000000002000100 0200000001000400 0000000000000000"
        + "0000000000000000";

    private const string Finish = "0000000004000000 0000000001000100 0400000000000000 0000000001000000 0100000001000000";

    private const string Release = "0000000004000000 0000000001000100 0600000000000000 0000000001000000 0500000001000000";

    [Fact]
    public void Bootstrap_of_question_0()
    {
        using var ours = new MessageBuilder();
        ours.InitRoot<Message.Builder>().InitBootstrap();

        var read = Read(Bootstrap);
        Assert.Equal(Message.Which.Bootstrap, read.Which);
        Assert.Equal(0u, read.Bootstrap.QuestionId);
        Assert.False(read.Bootstrap.HasDeprecatedObjectId);
        Same(Bootstrap, ours);
    }

    [Fact]
    public void Return_of_a_capability_hosted_by_the_sender()
    {
        using var ours = new MessageBuilder();
        var answer = ours.InitRoot<Message.Builder>().InitReturn();
        var payload = answer.InitResults();
        payload.Content.SetCapability(new Handle());
        var descriptor = payload.InitCapTable(1)[0];
        descriptor.SenderHosted = 0;

        var read = Read(ReturnHosted).Return;
        Assert.Equal(Return.Which.Results, read.Which);
        Assert.True(read.ReleaseParamCaps);
        Assert.Equal(PointerKind.Capability, read.Results.Content.Kind);
        Assert.Equal(1, read.Results.CapTable.Count);
        Assert.Equal(CapDescriptor.Which.SenderHosted, read.Results.CapTable[0].Which);
        Assert.Equal(255, read.Results.CapTable[0].AttachedFd);
        Same(ReturnHosted, ours);
    }

    [Fact]
    public void Call_on_a_promised_answer()
    {
        using var ours = new MessageBuilder();
        var call = ours.InitRoot<Message.Builder>().InitCall();
        call.QuestionId = 1;
        call.InterfaceId = 0x1234567890abcdef;
        call.MethodId = 4;
        call.InitTarget().InitPromisedAnswer().InitTransform(0);
        var payload = call.InitParams();
        payload.Content.InitStruct(1, 0).SetUInt32(0, 7);

        var read = Read(CallPipelined).Call;
        Assert.Equal(1u, read.QuestionId);
        Assert.Equal(4, read.MethodId);
        Assert.Equal(0x1234567890abcdefu, read.InterfaceId);
        Assert.Equal(Call.SendResultsTo.Which.Caller, read.SendResultsTo.Which);
        Assert.Equal(MessageTarget.Which.PromisedAnswer, read.Target.Which);
        Assert.Equal(0u, read.Target.PromisedAnswer.QuestionId);
        Assert.True(read.Target.PromisedAnswer.HasTransform);
        Assert.Equal(0, read.Target.PromisedAnswer.Transform.Count);
        Assert.Equal(7u, read.Params.Content.GetStruct().GetUInt32(0));
        Same(CallPipelined, ours);
    }

    [Fact]
    public void Disembargo_on_its_way_back()
    {
        using var ours = new MessageBuilder();
        var disembargo = ours.InitRoot<Message.Builder>().InitDisembargo();
        var context = disembargo.Context;
        context.ReceiverLoopback = 7;
        var target = disembargo.InitTarget();
        target.ImportedCap = 5;

        var read = Read(DisembargoReply).Disembargo;
        Assert.Equal(Disembargo.Context.Which.ReceiverLoopback, read.Context.Which);
        Assert.Equal(7u, read.Context.ReceiverLoopback);
        Assert.Equal(5u, read.Target.ImportedCap);
        Same(DisembargoReply, ours);
    }

    [Fact]
    public void Resolve_to_a_capability_of_the_receiver()
    {
        using var ours = new MessageBuilder();
        var resolve = ours.InitRoot<Message.Builder>().InitResolve();
        resolve.PromiseId = 1;
        var cap = resolve.InitCap();
        cap.ReceiverHosted = 6;

        var read = Read(ResolveToOurs).Resolve;
        Assert.Equal(1u, read.PromiseId);
        Assert.Equal(CapDescriptor.Which.ReceiverHosted, read.Cap.Which);
        Assert.Equal(6u, read.Cap.ReceiverHosted);
        Same(ResolveToOurs, ours);
    }

    [Fact]
    public void Return_taken_from_another_question()
    {
        using var ours = new MessageBuilder();
        var answer = ours.InitRoot<Message.Builder>().InitReturn();
        answer.AnswerId = 2;
        answer.ReleaseParamCaps = false;
        answer.TakeFromOtherQuestion = 0;

        var read = Read(ReturnTaken).Return;
        Assert.Equal(2u, read.AnswerId);
        Assert.False(read.ReleaseParamCaps);
        Assert.Equal(Return.Which.TakeFromOtherQuestion, read.Which);
        Same(ReturnTaken, ours);
    }

    [Fact]
    public void Finish_that_keeps_the_results_capabilities()
    {
        using var ours = new MessageBuilder();
        var finish = ours.InitRoot<Message.Builder>().InitFinish();
        finish.QuestionId = 1;
        finish.ReleaseResultCaps = false;

        var read = Read(Finish).Finish;
        Assert.Equal(1u, read.QuestionId);
        Assert.False(read.ReleaseResultCaps);
        Assert.True(read.RequireEarlyCancellationWorkaround);
        Same(Finish, ours);
    }

    [Fact]
    public void Release_of_one_reference()
    {
        using var ours = new MessageBuilder();
        var release = ours.InitRoot<Message.Builder>().InitRelease();
        release.Id = 5;
        release.ReferenceCount = 1;

        Assert.Equal(5u, Read(Release).Release.Id);
        Assert.Equal(1u, Read(Release).Release.ReferenceCount);
        Same(Release, ours);
    }

    private static Message.Reader Read(string hex) => MessageReader.Parse(Bytes(hex)).GetRoot<Message.Reader>();

    /// <summary>The order of objects in a message is free: both are copied, which puts them into one order.</summary>
    private static void Same(string hex, MessageBuilder ours)
    {
        var theirs = MessageReader.Parse(Bytes(hex));
        theirs.Capabilities = [new Handle()];
        Assert.Equal(Ordered(theirs.Root), Ordered(ours.Root.AsReader()));

        static string Ordered(PointerReader root)
        {
            using var copy = new MessageBuilder();
            copy.Root.SetFrom(root);
            return Convert.ToHexString(copy.ToFrame());
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private sealed class Handle : CapabilityHandle;
}
