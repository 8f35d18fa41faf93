using Dash.Ipc.Layout;
using static Dash.Ipc.Tests.Layout.Words;

namespace Dash.Ipc.Tests.Layout;

public sealed class FarPointerTests
{
    [Fact]
    public void A_far_pointer_leads_to_a_pad_in_another_segment()
    {
        var message = Message(
            [Far(1, 1)],
            [0xdead, Struct(1, 1, 0), 0xdead, 77]);

        Assert.Equal(77u, message.Root.GetStruct().GetUInt64(0));
    }

    [Fact]
    public void A_pad_may_point_backwards()
    {
        var message = Message(
            [Far(1, 1)],
            [77, Struct(-2, 1, 0)]);

        Assert.Equal(77u, message.Root.GetStruct().GetUInt64(0));
    }

    [Fact]
    public void A_double_far_pointer_names_content_and_size_apart()
    {
        var message = Message(
            [DoubleFar(2, 0)],
            [0xdead, 77, List(0, 2, 3), 0x00636261],
            [Far(1, 1), Struct(0, 1, 1)]);

        var root = message.Root.GetStruct();

        Assert.Equal(77u, root.GetUInt64(0));
        Assert.Equal("abc"u8.ToArray(), root.GetPointer(0).GetData().ToArray());
    }

    [Fact]
    public void A_double_far_pointer_to_a_list_of_structs_starts_at_the_tag()
    {
        var message = Message(
            [DoubleFar(2, 0)],
            [Tag(2, 1, 0), 5, 6],
            [Far(1, 0), List(0, 7, 2)]);

        var list = message.Root.GetList(ElementSize.Composite);

        Assert.Equal(2, list.Count);
        Assert.Equal(6u, list.GetStruct(1).GetUInt64(0));
    }

    [Fact]
    public void A_far_pointer_may_lead_to_a_text_and_to_a_capability()
    {
        var message = Message(
            [Struct(0, 0, 2), Far(1, 0), Far(1, 2)],
            [List(0, 2, 3), 0x6968, Capability(0)]);

        Assert.Equal("hi", message.Root.GetStruct().GetPointer(0).GetText());
        Assert.Equal(PointerKind.Capability, message.Root.GetStruct().GetPointer(1).Kind);
    }

    [Fact]
    public void A_far_pointer_within_its_own_segment_is_fine()
    {
        var message = Message([Far(0, 2), 77, Struct(-2, 1, 0)]);

        Assert.Equal(77u, message.Root.GetStruct().GetUInt64(0));
    }
}
