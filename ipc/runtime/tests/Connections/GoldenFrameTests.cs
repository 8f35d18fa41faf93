using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Connections;

/// <summary>Frames as the reference implementation writes them, and ours that are the same to the byte.</summary>
public sealed class GoldenFrameTests
{
    private const string Bootstrap =
        "0000000005000000 0000000001000100 0800000000000000 0000000001000100 0000000000000000 0000000000000000";

    private const string BootstrapReturn =
        "000000000b000000 0000000001000100 0300000000000000 0000000002000100 0000000000000000 0000000000000000" +
        "0000000000000200 0300000000000000 0100000017000000 0400000001000100 0100000000000000 0000000000000000";

    [Fact]
    public async Task A_bootstrap_is_answered_with_export_0()
    {
        await using var peer = WirePeer.OfServer();
        await peer.SayHexAsync(Bootstrap);
        var heard = (await peer.HearAsync())!.Value.Return;
        var expected = Parse(BootstrapReturn).Return;
        Assert.Equal(expected.AnswerId, heard.AnswerId);
        Assert.Equal(Return.Which.Results, heard.Which);
        Assert.Equal(expected.Results.CapTable.Count, heard.Results.CapTable.Count);
        Assert.Equal(expected.Results.CapTable[0].SenderHosted, heard.Results.CapTable[0].SenderHosted);
    }

    [Fact]
    public void Our_bootstrap_finish_and_release_are_the_same_bytes()
    {
        Same(Bootstrap, Dash.Ipc.Connections.ProtocolWriter.Bootstrap(0));
        Same(
            "0000000004000000 0000000001000100 0400000000000000 0000000001000000 0100000001000000",
            Dash.Ipc.Connections.ProtocolWriter.Finish(1, releaseResultCaps: false));
        Same(
            "0000000004000000 0000000001000100 0600000000000000 0000000001000000 0500000001000000",
            Dash.Ipc.Connections.ProtocolWriter.Release(5, 1));
    }

    [Fact]
    public void Our_loopback_says_what_the_reference_says()
    {
        var golden = Parse(
            "0000000007000000 0000000001000100 0d00000000000000 0000000001000100 0700000001000000 0000000001000100 0500000000000000 0000000000000000")
            .Disembargo;
        using var message = Dash.Ipc.Connections.ProtocolWriter.ReceiverLoopback(7, out var target);
        target.ImportedCap = 5;
        var ours = message.ToReader().GetRoot<Message.Reader>().Disembargo;
        Assert.Equal(golden.Context.Which, ours.Context.Which);
        Assert.Equal(golden.Context.ReceiverLoopback, ours.Context.ReceiverLoopback);
        Assert.Equal(golden.Target.ImportedCap, ours.Target.ImportedCap);
    }

    [Fact]
    public async Task A_call_in_the_references_layout_is_executed()
    {
        // Bootstrap and, before it is answered, a call on what it will bring: method 7, no parameters.
        await using var peer = WirePeer.OfServer();
        await peer.SayHexAsync(Bootstrap +
            "0000000010000000 0000000001000100 0200000000000000 0000000003000300 0100000007000000 1807f6e5d4c3b2a1" +
            "0000000000000000 1400000001000100 0400000000000200 0000000000000000 0000000000000000 0000000000000000" +
            "0000000000000000 0000000001000000 0000000001000100 0000000000000000 0000000000000000");
        Assert.Equal(0u, (await peer.HearAsync())!.Value.Return.AnswerId);
        var heard = (await peer.HearAsync())!.Value;
        if (heard.Which == Message.Which.Abort)
        {
            Assert.Fail(heard.Abort.Reason);
        }

        Assert.Equal((1u, Return.Which.Results), (heard.Return.AnswerId, heard.Return.Which));
        Assert.Equal(1ul, heard.Return.Results.Content.GetStruct().GetUInt64(0));
    }

    private static void Same(string golden, Dash.Ipc.Messages.MessageBuilder ours)
    {
        Assert.Equal(golden.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(ours.ToFrame()));
        ours.Dispose();
    }

    private static Message.Reader Parse(string hex) => Dash.Ipc.Messages.MessageReader
        .Parse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))).GetRoot<Message.Reader>();
}
