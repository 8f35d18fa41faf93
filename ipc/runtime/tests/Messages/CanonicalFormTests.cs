using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Tests.Messages;

public sealed class CanonicalFormTests
{
    [Fact]
    public void Messages_that_mean_the_same_have_the_same_form_whatever_their_segments_and_sections()
    {
        var expected = Encode(1024, 0, 0);
        Assert.Equal(expected, Encode(1, 0, 0));
        Assert.Equal(expected, Encode(3, 5, 4));
    }

    [Fact]
    public void The_form_is_the_specifications()
    {
        using MessageBuilder message = new();
        Assert.Equal("0000000000000000", Form(message));
        var root = message.Root.InitStruct(3, 2);
        Assert.Equal("fcffffff00000000", Form(message)); // trailing zeros and nulls are left out: nothing remains
        root.SetUInt64(0, 1);
        root.GetPointer(0).InitList(ElementSize.Byte, 0);
        Assert.Equal("0000000001000100" + "0100000000000000" + "0100000002000000", Form(message));
    }

    [Fact]
    public void Elements_of_a_list_are_as_large_as_the_largest_needs()
    {
        using MessageBuilder message = new();
        var list = message.Root.InitStructList(2, 4, 2);
        list.GetStruct(1).SetUInt16(0, 7);
        Assert.Equal("0100000017000000" + "0800000001000000" + "0000000000000000" + "0700000000000000", Form(message));
    }

    [Fact]
    public void Capabilities_have_no_form()
    {
        using MessageBuilder message = new();
        message.Root.InitStruct(0, 1).GetPointer(0).SetCapability(new Handle());
        Assert.Throws<IpcFormatException>(() => CanonicalForm.Encode(message.Root.AsReader()));
    }

    [Fact]
    public void A_struct_that_contains_itself_ends_at_the_limits()
    {
        var frame = Convert.FromHexString("0000000001000000" + "ffffffff00000100"); // the root's pointer section is the root pointer
        frame[8] = 0xfc;
        Assert.Throws<IpcFormatException>(() => CanonicalForm.Encode(MessageReader.Parse(frame).Root));
    }

    private static string Form(MessageBuilder message) => Convert.ToHexStringLower(CanonicalForm.Encode(message.Root.AsReader()));

    private static byte[] Encode(int segment, int moreData, int morePointers)
    {
        using MessageBuilder message = new(segment);
        var root = message.Root.InitStruct(1 + moreData, 2 + morePointers);
        root.SetUInt64(0, 5);
        root.GetPointer(0).SetText("text");
        var list = root.GetPointer(1).InitStructList(2, 1 + moreData, 1 + morePointers);
        list.GetStruct(0).SetUInt64(0, 9);
        list.GetStruct(1).GetPointer(0).SetData([1, 2, 3]);
        return CanonicalForm.Encode(message.Root.AsReader());
    }

    private sealed class Handle : CapabilityHandle;
}
