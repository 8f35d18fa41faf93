using Dash.Ipc.Layout;
using static Dash.Ipc.Tests.Layout.Words;

namespace Dash.Ipc.Tests.Layout;

/// <summary>Lists whose element type grew, or was smaller, in the peer's schema.</summary>
public sealed class ListUpgradeTests
{
    [Theory]
    [InlineData(2, 0x0201ul, 2)]
    [InlineData(3, 0x0002_0001ul, 2)]
    [InlineData(4, 0x0000_0002_0000_0001ul, 2)]
    public void Numbers_are_read_as_structs_with_one_field(int size, ulong word, uint count)
    {
        var list = Message([List(0, size, count), word]).Root.GetList(ElementSize.Composite);

        Assert.Equal(2, list.Count);
        Assert.Equal(2, list.GetStruct(1).GetByte(0));
        Assert.Equal(9u, list.GetStruct(1).GetUInt64(0, 9));
        Assert.True(list.GetStruct(1).GetPointer(0).IsNull);
    }

    [Fact]
    public void Pointers_are_read_as_structs_with_one_pointer()
    {
        var list = Message([List(0, 6, 2), 0, List(0, 2, 2), 0x41]).Root.GetList(ElementSize.Composite);

        Assert.Equal("A", list.GetStruct(1).GetPointer(0).GetText());
        Assert.True(list.GetStruct(0).GetPointer(0).IsNull);
    }

    [Fact]
    public void Nothing_is_read_as_structs_of_defaults()
    {
        var list = Message([List(0, 0, 3)]).Root.GetList(ElementSize.Composite);

        Assert.Equal(3, list.Count);
        Assert.Equal(5, list.GetStruct(2).GetInt32(0, 5));
    }

    [Fact]
    public void Structs_are_read_as_numbers_by_their_first_field_and_as_pointers_by_their_first_pointer()
    {
        var message = Message([List(0, 7, 4), Tag(2, 1, 1), 11, List(2, 2, 2), 22, 0, 0x41]);

        var numbers = message.Root.GetList(ElementSize.FourBytes);
        var texts = message.Root.GetList(ElementSize.Pointer);

        Assert.Equal(11u, numbers.GetUInt32(0));
        Assert.Equal(22u, numbers.GetUInt32(1));
        Assert.Equal("A", texts.GetText(0));
        Assert.Equal(0, texts.GetPointer(1).GetData().Length);
    }

    [Fact]
    public void Structs_with_room_to_spare_are_fine()
    {
        var list = Message([List(0, 7, 5), Tag(2, 2, 0), 1, 2, 3, 4, 0xdead]).Root.GetList(ElementSize.Composite);

        Assert.Equal(2, list.Count);
        Assert.Equal(4u, list.GetStruct(1).GetUInt64(1));
    }

    [Theory]
    [InlineData(1, ElementSize.Composite)]
    [InlineData(1, ElementSize.Byte)]
    [InlineData(2, ElementSize.Bit)]
    [InlineData(2, ElementSize.TwoBytes)]
    [InlineData(6, ElementSize.EightBytes)]
    [InlineData(5, ElementSize.Pointer)]
    public void What_does_not_fit_is_refused(int size, ElementSize expected)
    {
        var message = Message([List(0, size, 1), 0]);

        Assert.Throws<IpcFormatException>(() => message.Root.GetList(expected));
    }

    [Theory]
    [InlineData(0, 1, ElementSize.Byte)]
    [InlineData(1, 0, ElementSize.Pointer)]
    [InlineData(1, 1, ElementSize.Bit)]
    public void Structs_that_lack_the_first_field_are_refused(int data, int pointers, ElementSize expected)
    {
        var message = Message([List(0, 7, 2), Tag(1, data, pointers), 0, 0]);

        Assert.Throws<IpcFormatException>(() => message.Root.GetList(expected));
    }

    [Fact]
    public void Data_and_text_are_lists_of_bytes_only()
    {
        var message = Message([List(0, 3, 1), 0]);

        Assert.Throws<IpcFormatException>(() => message.Root.GetData());
        Assert.Throws<IpcFormatException>(() => message.Root.GetText());
    }
}
