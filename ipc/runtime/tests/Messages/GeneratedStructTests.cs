using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Tests.Schemas;

namespace Dash.Ipc.Tests.Messages;

public sealed class GeneratedStructTests
{
    [Fact]
    public void Every_kind_of_field_comes_back()
    {
        using var message = new MessageBuilder();
        Fill(message.InitRoot<Kinds.Builder>());

        var read = MessageReader.Parse(message.ToFrame()).GetRoot<Kinds.Reader>();

        Assert.True(read.Bool);
        Assert.Equal(-8, read.Int8);
        Assert.Equal(-16, read.Int16);
        Assert.Equal(-32, read.Int32);
        Assert.Equal(-64, read.Int64);
        Assert.Equal(8, read.Uint8);
        Assert.Equal(16, read.Uint16);
        Assert.Equal(32u, read.Uint32);
        Assert.Equal(64u, read.Uint64);
        Assert.Equal(0.5f, read.Float32);
        Assert.Equal(-0.25, read.Float64);
        Assert.Equal("a text", read.Text);
        Assert.Equal([1, 2, 3], read.Data.ToArray());
        Assert.Equal(Color.Blue, read.Color);
        Assert.Equal(1u, read.Inner.Id);
        Assert.Equal("one", read.Inner.Label);
        Assert.True(read.Bools.GetBool(1));
        Assert.Equal(-2, read.Numbers.GetInt32(1));
        Assert.Equal("second", read.Texts.GetText(1));
        Assert.Equal(["first", "last"], Labels(read));
        Assert.Equal((ushort)Color.Green, read.Colors.GetUInt16(0));
        Assert.Equal(9, read.Matrix.GetPointer(1).GetList(ElementSize.TwoBytes).GetUInt16(0));
        Assert.Equal("anything", read.Anything.GetText());
        Assert.Equal("deep", read.Self.Self.Text);
        Assert.False(read.Self.Self.HasSelf);

        static IEnumerable<string> Labels(Kinds.Reader read)
        {
            var labels = new List<string>();
            foreach (var inner in read.Inners)
            {
                labels.Add(inner.Label);
            }

            return labels;
        }
    }

    [Fact]
    public void Builders_read_back_what_they_were_given()
    {
        using var message = new MessageBuilder();
        var built = message.InitRoot<Kinds.Builder>();
        Fill(built);

        Assert.Equal("a text", built.Text);
        Assert.Equal([1, 2, 3], built.Data.ToArray());
        Assert.Equal(-0.25, built.Float64);
        Assert.Equal(Color.Blue, built.Color);
        Assert.Equal(1u, built.Inner.Id);
        Assert.Equal("deep", built.AsReader().Self.Self.Text);
        Assert.True(built.HasText);
    }

    [Fact]
    public void An_empty_message_reads_as_the_schemas_defaults()
    {
        using var message = new MessageBuilder();
        message.InitRoot<Defaults.Builder>();

        var read = MessageReader.Parse(message.ToFrame()).GetRoot<Defaults.Reader>();

        Assert.True(read.Yes);
        Assert.Equal(-8, read.Int8);
        Assert.Equal(-1600, read.Int16);
        Assert.Equal(-320_000, read.Int32);
        Assert.Equal(long.MinValue, read.Int64);
        Assert.Equal(byte.MaxValue, read.Uint8);
        Assert.Equal(ushort.MaxValue, read.Uint16);
        Assert.Equal(uint.MaxValue, read.Uint32);
        Assert.Equal(ulong.MaxValue, read.Uint64);
        Assert.Equal(1.5f, read.Float32);
        Assert.Equal(double.MaxValue, read.Float64);
        Assert.Equal(Color.Blue, read.Color);
        Assert.Equal("Dash \"quoted\"", read.Text);
        Assert.Equal([1, 2, 255], read.Data.ToArray());
        Assert.Equal(-2, read.Numbers.GetInt32(1));
        Assert.Equal("seven", read.Inner.Label);
        Assert.False(read.HasInner);
    }

    [Fact]
    public void A_default_gives_way_to_what_is_set_also_to_zero()
    {
        using var message = new MessageBuilder();
        var built = message.InitRoot<Defaults.Builder>();
        built.Yes = false;
        built.Int64 = 0;
        built.Float64 = 0;
        built.Color = Color.Red;
        built.Text = "";
        built.InitNumbers(0);
        var inner = built.InitInner();
        inner.Id = 8;

        var read = MessageReader.Parse(message.ToFrame()).GetRoot<Defaults.Reader>();

        Assert.False(read.Yes);
        Assert.Equal(0, read.Int64);
        Assert.Equal(0, read.Float64);
        Assert.Equal(Color.Red, read.Color);
        Assert.Equal("", read.Text);
        Assert.Equal(0, read.Numbers.Count);
        Assert.Equal(8u, read.Inner.Id);
        Assert.Equal("", read.Inner.Label);
        Assert.Equal(-1600, read.Int16);
    }

    [Fact]
    public void Setting_an_arm_of_a_union_clears_the_one_before()
    {
        using var message = new MessageBuilder();
        var built = message.InitRoot<Unions.Builder>();
        built.Before = 3;
        built.Number = ulong.MaxValue;
        Assert.Equal(Unions.Which.Number, built.Which);

        built.Small = 1;
        Assert.Equal(Unions.Which.Small, built.Which);
        Assert.Equal(1u, built.Number);

        built.Text = "text";
        var both = built.InitBoth();
        Assert.False(both.HasRight);
        both.Left = 4;
        both.Right = "right";

        var named = built.Named;
        named.Flag = true;
        named.InitWords(1).SetText(0, "word");
        var plain = built.Plain;
        plain.Y = 6;

        var read = MessageReader.Parse(message.ToFrame()).GetRoot<Unions.Reader>();
        Assert.Equal(3, read.Before);
        Assert.Equal(Unions.Which.Both, read.Which);
        Assert.Equal(4u, read.Both.Left);
        Assert.Equal("right", read.Both.Right);
        Assert.Equal(Unions.Named.Which.Words, read.Named.Which);
        Assert.False(read.Named.Flag);
        Assert.Equal("word", read.Named.Words.GetText(0));
        Assert.Equal((5, 6), (read.Plain.X, read.Plain.Y));

        built.SetNothing();
        Assert.Equal(0, built.Raw.GetInt64(1));
        Assert.Equal(42, Unions.Answer);
        Assert.Equal("hello", Unions.Greeting);
    }

    [Fact]
    public void Messages_of_older_and_newer_schemas_are_read()
    {
        using var older = new MessageBuilder();
        var old = older.InitRoot<Older.Builder>();
        old.Id = 5;
        old.Label = "label";
        var asNewer = MessageReader.Parse(older.ToFrame()).GetRoot<Newer.Reader>();
        Assert.Equal((5u, "label", 99ul, "none"), (asNewer.Id, asNewer.Label, asNewer.Extra, asNewer.More));

        using var newer = new MessageBuilder();
        var fresh = newer.InitRoot<Newer.Builder>();
        fresh.Id = 6;
        fresh.Extra = 7;
        fresh.More = "more";
        var asOlder = MessageReader.Parse(newer.ToFrame()).GetRoot<Older.Reader>();
        Assert.Equal((6u, ""), (asOlder.Id, asOlder.Label));

        // Passing it on keeps what the older schema does not know.
        using var passed = new MessageBuilder();
        passed.Root.SetStruct(asOlder.Raw);
        Assert.Equal("more", MessageReader.Parse(passed.ToFrame()).GetRoot<Newer.Reader>().More);
    }

    [Fact]
    public void An_unknown_arm_of_a_union_is_a_number_and_no_error()
    {
        using var message = new MessageBuilder();
        message.InitRoot<Unions.Builder>().Raw.SetUInt16(1, 77);

        Assert.Equal(77, (int)MessageReader.Parse(message.ToFrame()).GetRoot<Unions.Reader>().Which);
    }

    internal static void Fill(Kinds.Builder built)
    {
        built.Bool = true;
        built.Int8 = -8;
        built.Int16 = -16;
        built.Int32 = -32;
        built.Int64 = -64;
        built.Uint8 = 8;
        built.Uint16 = 16;
        built.Uint32 = 32;
        built.Uint64 = 64;
        built.Float32 = 0.5f;
        built.Float64 = -0.25;
        built.Text = "a text";
        built.Data = [1, 2, 3];
        built.Color = Color.Blue;
        var inner = built.InitInner();
        inner.Id = 1;
        inner.Label = "one";
        built.InitBools(2).SetBool(1, true);
        built.InitNumbers(2).SetInt32(1, -2);
        built.InitTexts(2).SetText(1, "second");
        var inners = built.InitInners(2);
        var first = inners[0];
        first.Label = "first";
        var last = inners[1];
        last.Label = "last";
        built.InitColors(1).SetUInt16(0, (ushort)Color.Green);
        built.InitMatrix(2).GetPointer(1).InitList(ElementSize.TwoBytes, 1).SetUInt16(0, 9);
        built.Anything.SetText("anything");
        var deep = built.InitSelf().InitSelf();
        deep.Text = "deep";
    }
}
