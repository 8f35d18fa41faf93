using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using static Dash.Ipc.Tests.Layout.Words;

namespace Dash.Ipc.Tests.Layout;

public sealed class HostileInputTests
{
    [Fact]
    public void A_root_that_is_null_is_a_struct_of_defaults()
    {
        var message = Message([0]);

        Assert.True(message.Root.IsNull);
        Assert.Equal(0, message.Root.GetStruct().GetUInt16(0));
    }

    [Fact]
    public void A_root_that_is_a_list_is_no_struct()
    {
        Assert.Throws<IpcFormatException>(() => Message([List(0, 0, 0)]).Root.GetStruct());
        Assert.Throws<IpcFormatException>(() => Message([Struct(0, 0, 0) | 3]).Root.GetStruct());
        Assert.Throws<IpcFormatException>(() => Message([Struct(0, 1, 0), 0]).Root.GetList(ElementSize.Byte));
    }

    [Fact]
    public void Targets_outside_their_segment_are_refused()
    {
        Refused([Struct(0, 1, 0)]);
        Refused([Struct(1, 1, 0), 0]);
        Refused([Struct(-2, 1, 0), 0]);
        Refused([Struct(-3, 0, 0)]);
        Refused([Struct(0x1fffffff, 0xffff, 0xffff), 0]);
        Refused([Struct(-0x20000000, 0xffff, 0xffff), 0]);
        RefusedList([List(0, 5, (1 << 29) - 1), 0]);
        RefusedList([List(-2, 2, 8), 0]);
        RefusedList([List(0, 7, 0)]);
        RefusedList([List(0, 7, 1), Tag(1, 1, 0)]);
    }

    [Fact]
    public void Far_pointers_to_nowhere_are_refused()
    {
        Refused([Far(1, 0)]);
        Refused([Far(0xffffffff, 0)]);
        Refused([Far(0, 1)]);
        Refused([Far(0, 0x1fffffff)]);
        Refused([DoubleFar(0, 0)]);
        Refused([DoubleFar(0, 1), 0]);
    }

    [Fact]
    public void Far_pointers_to_far_pointers_are_refused()
    {
        Refused([Far(0, 0)]);
        Refused([Far(0, 1), Far(0, 2), Struct(0, 0, 0)]);
        Refused([DoubleFar(0, 1), DoubleFar(0, 1), Struct(0, 0, 0)]);
        Refused([DoubleFar(0, 1), Far(0, 0), Far(0, 0)]);
        Refused([DoubleFar(0, 1), Struct(0, 0, 0), Struct(0, 0, 0)]);
        Refused([DoubleFar(0, 1), Far(7, 0), Struct(0, 0, 0)]);
        Refused([DoubleFar(0, 1), Far(0, 3), Struct(0, 1, 0)]);
    }

    [Fact]
    public void A_struct_that_contains_itself_ends_at_the_nesting_limit()
    {
        var message = Message([Struct(-1, 0, 1)]);
        var pointer = message.Root;
        var depth = 0;

        var error = Assert.Throws<IpcFormatException>(() =>
        {
            for (; depth < 1_000; depth++)
            {
                pointer = pointer.GetStruct().GetPointer(0);
            }
        });

        Assert.Equal(64, depth);
        Assert.Contains("deeply-nested", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_a_struct_that_contains_itself_ends_too()
    {
        var message = Message([Struct(-1, 0, 1)]);
        using var target = new MessageBuilder();

        Assert.Throws<IpcFormatException>(() => target.Root.SetFrom(message.Root));
    }

    [Fact]
    public void Eighty_levels_are_too_deep_and_sixty_are_not()
    {
        Assert.Equal(60, Depth(60));
        Assert.Throws<IpcFormatException>(() => Depth(80));

        static int Depth(int levels)
        {
            var words = Enumerable.Range(0, levels).Select(_ => Struct(0, 0, 1)).Append(0ul).ToArray();
            var pointer = Message(words).Root;
            var depth = 0;
            for (; !pointer.IsNull; depth++)
            {
                pointer = pointer.GetStruct().GetPointer(0);
            }

            return depth;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_list_of_half_a_billion_nothings_is_refused(int size)
    {
        const uint Most = (1 << 29) - 1;
        var message = size == 0 ? Message([List(0, 0, Most)]) : Message([List(0, 7, 0), Tag(Most, 0, 0)]);

        var error = Assert.Throws<IpcFormatException>(() => message.Root.GetList(ElementSize.Composite));

        Assert.Contains("traversal limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_the_same_megabyte_again_and_again_is_refused()
    {
        const int Words = 128 * 1024;
        var words = new ulong[Words + 3];
        words[0] = Struct(0, 0, 2);
        words[1] = List(1, 5, Words);
        words[2] = List(0, 5, Words);
        var root = Message(words).Root.GetStruct();
        var reads = 0;

        Assert.Throws<IpcFormatException>(() =>
        {
            for (; reads < 1_000; reads++)
            {
                root.GetPointer(reads & 1).GetList(ElementSize.EightBytes);
            }
        });

        // 8 Mi words, less the root struct's two.
        Assert.Equal((8 * 1024 * 1024 / Words) - 1, reads);
    }

    [Theory]
    [InlineData(0x1fffffffu, 0xffff, 0xffff)]
    [InlineData(0x3fffffffu, 1, 0)]
    [InlineData(2u, 1, 0)]
    public void Tags_whose_elements_overrun_the_list_are_refused(uint count, int data, int pointers)
    {
        RefusedList([List(0, 7, 1), Tag(count, data, pointers), 0]);
    }

    [Fact]
    public void A_tag_that_is_no_struct_is_refused()
    {
        RefusedList([List(0, 7, 1), List(1, 0, 0), 0]);
        RefusedList([List(0, 7, 1), Far(0, 0), 0]);
        RefusedList([List(0, 7, 1), Capability(0), 0]);
    }

    [Fact]
    public void Text_without_its_end_is_refused()
    {
        Assert.Throws<IpcFormatException>(() => Message([List(0, 2, 8), 0x4141414141414141]).Root.GetText());
        Assert.Throws<IpcFormatException>(() => Message([List(0, 2, 0)]).Root.GetText());
        Assert.Throws<IpcFormatException>(() => Message([Struct(0, 0, 1), 0]).Root.GetText());
        Assert.Equal("", Message([List(0, 2, 1), 0]).Root.GetText());
    }

    [Fact]
    public void A_capability_outside_the_table_is_none()
    {
        Assert.Null(Message([Capability(0)]).Root.GetCapability());
        Assert.Null(Message([Capability(0xffffffff)]).Root.GetCapability());
        Assert.Null(Message([0]).Root.GetCapability());
        Assert.Throws<IpcFormatException>(() => Message([Struct(0, 1, 0), 0]).Root.GetCapability());
        Assert.Throws<IpcFormatException>(() => Message([0x7]).Root.Kind);
        Assert.Throws<IpcFormatException>(() => Message([0x7]).Root.GetCapability());
    }

    private static void Refused(ulong[] words) => Assert.Throws<IpcFormatException>(() => Message(words).Root.GetStruct());

    private static void RefusedList(ulong[] words) =>
        Assert.Throws<IpcFormatException>(() => Message(words).Root.GetList(ElementSize.Void));
}
