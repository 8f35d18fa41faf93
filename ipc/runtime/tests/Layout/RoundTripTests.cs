using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Tests.Layout;

public sealed class RoundTripTests
{
    [Fact]
    public void Every_kind_of_number_comes_back()
    {
        using var message = new MessageBuilder();
        var built = message.Root.InitStruct(6, 0);
        built.SetBool(3, true);
        built.SetByte(1, 0xfe);
        built.SetSByte(2, -3);
        built.SetUInt16(2, 0xfedc);
        built.SetInt16(3, -300);
        built.SetUInt32(2, 0xfedcba98);
        built.SetInt32(3, -70_000);
        built.SetUInt64(2, ulong.MaxValue - 1);
        built.SetInt64(3, long.MinValue);
        built.SetSingle(8, 1.5f);
        built.SetDouble(5, -2.25);

        var read = Reread(message).Root.GetStruct();

        Assert.True(read.GetBool(3));
        Assert.False(read.GetBool(2));
        Assert.Equal(0xfe, read.GetByte(1));
        Assert.Equal(-3, read.GetSByte(2));
        Assert.Equal(0xfedc, read.GetUInt16(2));
        Assert.Equal(-300, read.GetInt16(3));
        Assert.Equal(0xfedcba98, read.GetUInt32(2));
        Assert.Equal(-70_000, read.GetInt32(3));
        Assert.Equal(ulong.MaxValue - 1, read.GetUInt64(2));
        Assert.Equal(long.MinValue, read.GetInt64(3));
        Assert.Equal(1.5f, read.GetSingle(8));
        Assert.Equal(-2.25, read.GetDouble(5));
        Assert.Equal(built.GetInt64(3), read.GetInt64(3));
        Assert.Equal(built.GetBool(3), read.GetBool(3));
    }

    [Fact]
    public void A_field_never_set_reads_as_its_default_and_the_default_is_all_zero_on_the_wire()
    {
        var max = BitConverter.DoubleToUInt64Bits(double.MaxValue);
        using var message = new MessageBuilder();
        var built = message.Root.InitStruct(3, 0);
        built.SetInt32(0, -1, -1);
        built.SetBool(32, true, true);
        built.SetDouble(1, 0.0, max);

        var read = Reread(message).Root.GetStruct();

        Assert.Equal(0, read.GetInt32(0));
        Assert.Equal(-1, read.GetInt32(0, -1));
        Assert.False(read.GetBool(32));
        Assert.True(read.GetBool(32, true));
        Assert.Equal(0.0, read.GetDouble(1, max));
        Assert.Equal(double.MaxValue, read.GetDouble(2, max));
        Assert.Equal(max, read.GetUInt64(1));
    }

    [Fact]
    public void A_field_outside_the_received_sections_reads_as_its_default()
    {
        using var message = new MessageBuilder();
        message.Root.InitStruct(1, 1).SetUInt64(0, 7);

        var read = Reread(message).Root.GetStruct();

        Assert.Equal(7u, read.GetUInt64(0));
        Assert.Equal(9u, read.GetUInt64(1, 9));
        Assert.True(read.GetBool(64, true));
        Assert.True(read.GetPointer(1).IsNull);
        Assert.Equal("", read.GetPointer(5).GetText());
        Assert.Equal(0, read.GetPointer(0).GetList(ElementSize.Composite).Count);
        Assert.Equal(3, default(StructReader).GetInt32(4, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Dash")]
    [InlineData("seven b")]
    [InlineData("eight by")]
    [InlineData("Zürich – 東京 🜲")]
    public void Text_comes_back(string text)
    {
        using var message = new MessageBuilder();
        message.Root.InitStruct(0, 1).GetPointer(0).SetText(text);

        var read = Reread(message).Root.GetStruct().GetPointer(0);

        Assert.False(read.IsNull);
        Assert.Equal(text, read.GetText());
    }

    [Fact]
    public void Text_may_hold_bytes_that_are_no_utf8_and_zeros()
    {
        byte[] raw = [0x41, 0, 0xff, 0x42];
        using var message = new MessageBuilder();
        message.Root.SetTextBytes(raw);

        var read = Reread(message).Root;

        Assert.Equal(raw, read.GetTextBytes().ToArray());
        Assert.Equal("A\0\ufffdB", read.GetText());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100_000)]
    public void Data_comes_back_and_empty_data_is_not_null(int size)
    {
        var data = new byte[size];
        new Random(size).NextBytes(data);
        using var message = new MessageBuilder();
        message.Root.InitStruct(0, 2).GetPointer(1).SetData(data);

        var read = Reread(message).Root.GetStruct();

        Assert.True(read.GetPointer(0).IsNull);
        Assert.False(read.GetPointer(1).IsNull);
        Assert.Equal(data, read.GetPointer(1).GetData().ToArray());
    }

    [Fact]
    public void Data_outlives_the_message_it_was_read_from()
    {
        ReadOnlyMemory<byte> ofBuilder;
        ReadOnlyMemory<byte> ofReader;
        using (var message = new MessageBuilder())
        {
            message.Root.SetData([1, 2, 3]);
            ofBuilder = message.Root.AsReader().GetData();
            ofReader = message.ToReader().Root.GetData();
        }

        Assert.Equal([1, 2, 3], ofBuilder.ToArray());
        Assert.Equal([1, 2, 3], ofReader.ToArray());
    }

    [Fact]
    public void Lists_of_every_size_come_back()
    {
        using var message = new MessageBuilder();
        var root = message.Root.InitStruct(0, 7);
        var bits = root.GetPointer(0).InitList(ElementSize.Bit, 11);
        var bytes = root.GetPointer(1).InitList(ElementSize.Byte, 3);
        var shorts = root.GetPointer(2).InitList(ElementSize.TwoBytes, 3);
        var ints = root.GetPointer(3).InitList(ElementSize.FourBytes, 3);
        var longs = root.GetPointer(4).InitList(ElementSize.EightBytes, 3);
        root.GetPointer(5).InitList(ElementSize.Void, 1_000);
        var texts = root.GetPointer(6).InitList(ElementSize.Pointer, 3);
        bits.SetBool(10, true);
        for (var i = 0; i < 3; i++)
        {
            bytes.SetSByte(i, (sbyte)-i);
            shorts.SetInt16(i, (short)(i * -300));
            ints.SetSingle(i, i / 2f);
            longs.SetDouble(i, i / 4.0);
            texts.SetText(i, $"text {i}");
        }

        var read = Reread(message).Root.GetStruct();

        Assert.True(read.GetPointer(0).GetList(ElementSize.Bit).GetBool(10));
        Assert.False(read.GetPointer(0).GetList(ElementSize.Bit).GetBool(9));
        Assert.Equal(-2, read.GetPointer(1).GetList(ElementSize.Byte).GetSByte(2));
        Assert.Equal(-600, read.GetPointer(2).GetList(ElementSize.TwoBytes).GetInt16(2));
        Assert.Equal(1f, read.GetPointer(3).GetList(ElementSize.FourBytes).GetSingle(2));
        Assert.Equal(0.5, read.GetPointer(4).GetList(ElementSize.EightBytes).GetDouble(2));
        Assert.Equal(1_000, read.GetPointer(5).GetList(ElementSize.Void).Count);
        Assert.Equal("text 2", read.GetPointer(6).GetList(ElementSize.Pointer).GetText(2));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => read.GetPointer(6).GetList(ElementSize.Pointer).GetText(3));
    }

    [Fact]
    public void Structs_in_a_list_are_written_in_place()
    {
        using var message = new MessageBuilder();
        var list = message.Root.InitStructList(500, 1, 1);
        for (var i = 0; i < list.Count; i++)
        {
            list.GetStruct(i).SetInt32(0, i);
            list.GetStruct(i).GetPointer(0).SetText($"item {i}");
        }

        var read = Reread(message).Root.GetList(ElementSize.Composite);

        Assert.Equal(500, read.Count);
        Assert.Equal(ElementSize.Composite, read.ElementSize);
        Assert.Equal(499, read.GetStruct(499).GetInt32(0));
        Assert.Equal("item 499", read.GetStruct(499).GetPointer(0).GetText());
        Assert.Equal("item 7", read.GetText(7));
    }

    [Fact]
    public void An_empty_struct_is_not_null()
    {
        using var message = new MessageBuilder();
        message.Root.InitStruct(0, 1).GetPointer(0).InitStruct(0, 0);

        var frame = message.ToFrame();
        var read = MessageReader.Parse(frame).Root.GetStruct().GetPointer(0);

        Assert.Equal(0xfffffffcUL, BitConverter.ToUInt64(frame, 16));
        Assert.False(read.IsNull);
        Assert.Equal(PointerKind.Struct, read.Kind);
        Assert.Equal(0, read.GetStruct().DataWords);
    }

    [Fact]
    public void What_outgrows_a_segment_continues_in_another()
    {
        using var message = new MessageBuilder(4);
        var list = message.Root.InitStruct(0, 1).GetPointer(0).InitList(ElementSize.Pointer, 3_000);
        for (var i = 0; i < list.Count; i++)
        {
            list.SetText(i, $"a text that is long enough, number {i}");
        }

        var frame = message.ToFrame();
        var read = MessageReader.Parse(frame).Root.GetStruct().GetPointer(0).GetList(ElementSize.Pointer);

        Assert.True(BitConverter.ToInt32(frame) > 0, "more than one segment");
        Assert.Equal(Enumerable.Range(0, 3_000).Select(i => $"a text that is long enough, number {i}"),
            Enumerable.Range(0, read.Count).Select(read.GetText));
    }

    [Fact]
    public void A_message_beyond_the_limit_is_refused_when_it_is_built()
    {
        using var message = new MessageBuilder();
        message.Root.InitStruct(0, 2).GetPointer(0).InitData(60_000_000);

        var error = Assert.Throws<IpcFormatException>(() =>
        {
            message.Root.GetStruct(0, 2).GetPointer(1).InitData(8_000_000);
        });

        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_of_an_earlier_message_is_never_sent()
    {
        for (var i = 0; i < 3; i++)
        {
            using var first = new MessageBuilder();
            first.Root.InitData(4_000).Fill(0xaa);
        }

        using var second = new MessageBuilder();
        second.Root.InitStruct(0, 2).GetPointer(0).SetText("x");
        second.Root.GetStruct(0, 2).GetPointer(1).InitData(3);

        Assert.DoesNotContain((byte)0xaa, second.ToFrame());
    }

    [Fact]
    public void A_copy_keeps_what_our_schema_does_not_know_and_enters_capabilities_anew()
    {
        var handle = new Handle();
        using var source = new MessageBuilder();
        var root = source.Root.InitStruct(2, 4);
        root.SetUInt64(1, 42);
        root.GetPointer(0).SetCapability(handle);
        var list = root.GetPointer(1).InitStructList(2, 1, 1);
        list.GetStruct(1).SetInt32(1, -5);
        list.GetStruct(1).GetPointer(0).SetText("inner");
        var bits = root.GetPointer(2).InitList(ElementSize.Bit, 9);
        bits.SetBool(8, true);
        root.GetPointer(3).InitList(ElementSize.Void, 17);

        using var target = new MessageBuilder();
        var wrapper = target.Root.InitStruct(0, 3);
        wrapper.GetPointer(0).SetCapability(new Handle());
        wrapper.GetPointer(1).SetFrom(source.ToReader().Root);
        wrapper.GetPointer(2).SetFrom(default);

        var copy = target.ToReader().Root.GetStruct().GetPointer(1).GetStruct();
        Assert.Equal(42u, copy.GetUInt64(1));
        Assert.Same(handle, copy.GetPointer(0).GetCapability());
        Assert.Equal(2, target.Capabilities.Count);
        Assert.Equal(-5, copy.GetPointer(1).GetList(ElementSize.Composite).GetStruct(1).GetInt32(1));
        Assert.Equal("inner", copy.GetPointer(1).GetList(ElementSize.Composite).GetStruct(1).GetPointer(0).GetText());
        Assert.True(copy.GetPointer(2).GetList(ElementSize.Bit).GetBool(8));
        Assert.Equal(17, copy.GetPointer(3).GetList(ElementSize.Void).Count);
    }

    [Fact]
    public void A_copy_between_schema_versions_keeps_what_both_know()
    {
        using var newer = new MessageBuilder();
        var source = newer.Root.InitStruct(2, 2);
        source.SetUInt64(0, 1);
        source.SetUInt64(1, 2);
        source.GetPointer(0).SetText("first");
        source.GetPointer(1).SetText("second");

        using var older = new MessageBuilder();
        var copy = older.Root.InitStruct(1, 3);
        copy.CopyFrom(newer.ToReader().Root.GetStruct());

        Assert.Equal(1u, copy.AsReader().GetUInt64(0));
        Assert.Equal("second", copy.AsReader().GetPointer(1).GetText());
        Assert.True(copy.GetPointer(2).IsNull);
        Assert.Throws<InvalidOperationException>(() => copy.SetUInt64(1, 2));
        Assert.Throws<InvalidOperationException>(() => copy.GetPointer(3));
    }

    private static MessageReader Reread(MessageBuilder message) => MessageReader.Parse(message.ToFrame());

    private sealed class Handle : CapabilityHandle;
}
