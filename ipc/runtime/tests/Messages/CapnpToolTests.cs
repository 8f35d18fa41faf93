using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Messages;
using Dash.Ipc.Tests.Schemas;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Messages;

/// <summary>The reference implementation's own tool reads what we write and writes what we read.</summary>
public sealed class CapnpToolTests
{
    [Fact]
    public async Task The_capnp_tool_decodes_every_kind_of_field_we_write()
    {
        using var message = new MessageBuilder();
        var built = message.InitRoot<Kinds.Builder>();
        GeneratedStructTests.Fill(built);
        built.Anything.Clear();

        var text = await CapnpTool.RunAsync("decode", "runtime/tests/Schemas/kinds.capnp", "Kinds", message.ToFrame());

        var decoded = System.Text.Encoding.UTF8.GetString(text);
        foreach (var part in (string[])
            [
                "bool = true", "int8 = -8", "int16 = -16", "int32 = -32", "int64 = -64", "uint8 = 8", "uint16 = 16",
                "uint32 = 32", "uint64 = 64", "float32 = 0.5", "float64 = -0.25", "text = \"a text\"",
                "data = \"\\001\\002\\003\"", "color = blue", "inner = (id = 1, label = \"one\")", "bools = [false, true]",
                "numbers = [0, -2]", "texts = [\"\", \"second\"]", "colors = [green]", "matrix = [[], [9]]",
                "self = (void = void",
            ])
        {
            Assert.Contains(part, decoded, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_capnp_tool_decodes_a_message_of_many_segments()
    {
        using var message = new MessageBuilder(2);
        var root = message.InitRoot<Kinds.Builder>();
        var inners = root.InitInners(40);
        for (var i = 0; i < inners.Count; i++)
        {
            var inner = inners[i];
            inner.Label = new string((char)('a' + (i % 26)), 100 + i);
        }

        Assert.True(BitConverter.ToInt32(message.ToFrame()) > 0);
        var text = System.Text.Encoding.UTF8.GetString(
            await CapnpTool.RunAsync("decode", "runtime/tests/Schemas/kinds.capnp", "Kinds", message.ToFrame()));

        Assert.Contains($"label = \"{new string('n', 139)}\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--segment-size=1")]
    public async Task We_read_what_the_capnp_tool_encodes(string option)
    {
        const string Text = """
            (bool = true, int64 = -5, float64 = 1.5, text = "tea", data = 0x"ff 00", color = green,
             inner = (id = 3, label = "in"), bools = [true, false, true], numbers = [-1, 2],
             texts = ["a", "", "c"], inners = [(id = 1, label = "x"), (id = 2)], matrix = [[1], [], [2, 3]],
             self = (self = (text = "deep")))
            """;

        var frame = await CapnpTool.RunAsync(
            "encode", "runtime/tests/Schemas/kinds.capnp", "Kinds", System.Text.Encoding.UTF8.GetBytes(Text), option);
        var read = MessageReader.Parse(frame).GetRoot<Kinds.Reader>();

        Assert.True(read.Bool);
        Assert.Equal(-5, read.Int64);
        Assert.Equal(1.5, read.Float64);
        Assert.Equal("tea", read.Text);
        Assert.Equal([255, 0], read.Data.ToArray());
        Assert.Equal(Color.Green, read.Color);
        Assert.Equal((3u, "in"), (read.Inner.Id, read.Inner.Label));
        Assert.Equal((true, false, true), (read.Bools.GetBool(0), read.Bools.GetBool(1), read.Bools.GetBool(2)));
        Assert.Equal(-1, read.Numbers.GetInt32(0));
        Assert.Equal("c", read.Texts.GetText(2));
        Assert.Equal((2u, ""), (read.Inners[1].Id, read.Inners[1].Label));
        Assert.Equal(3, read.Matrix.GetPointer(2).GetList(Ipc.Layout.ElementSize.TwoBytes).GetUInt16(1));
        Assert.Equal("deep", read.Self.Self.Text);
    }

    [Fact]
    public async Task Defaults_and_unions_mean_the_same_to_both()
    {
        using var message = new MessageBuilder();
        var built = message.InitRoot<Defaults.Builder>();
        built.Yes = false;
        var decoded = System.Text.Encoding.UTF8.GetString(
            await CapnpTool.RunAsync("decode", "runtime/tests/Schemas/kinds.capnp", "Defaults", message.ToFrame()));
        Assert.Contains("yes = false", decoded, StringComparison.Ordinal);
        Assert.Contains("int64 = -9223372036854775808", decoded, StringComparison.Ordinal);
        Assert.Contains("color = blue", decoded, StringComparison.Ordinal);

        var frame = await CapnpTool.RunAsync(
            "encode", "runtime/tests/Schemas/kinds.capnp", "Unions",
            "(before = 9, both = (left = 4, right = \"r\"), named = (words = [\"w\"]), plain = (x = 0))"u8.ToArray());
        var read = MessageReader.Parse(frame).GetRoot<Unions.Reader>();
        Assert.Equal((9, Unions.Which.Both, 4u, "r"), (read.Before, read.Which, read.Both.Left, read.Both.Right));
        Assert.Equal((0, "w"), (read.Plain.X, read.Named.Words.GetText(0)));
    }

    [Fact]
    public async Task The_capnp_tool_decodes_a_call_by_our_schema_of_the_protocol()
    {
        using var message = new MessageBuilder();
        var call = message.InitRoot<Message.Builder>().InitCall();
        call.QuestionId = 7;
        call.InterfaceId = 0xd36b89640dc94399;
        call.MethodId = 1;
        var target = call.InitTarget();
        target.ImportedCap = 3;
        call.InitParams().InitCapTable(1)[0].InitReceiverAnswer().InitTransform(1)[0].SetNoop();

        var text = System.Text.Encoding.UTF8.GetString(
            await CapnpTool.RunAsync("decode", "runtime/Connections/rpc.capnp", "Message", message.ToFrame()));

        Assert.Contains("call = (", text, StringComparison.Ordinal);
        Assert.Contains("questionId = 7", text, StringComparison.Ordinal);
        Assert.Contains("target = (importedCap = 3)", text, StringComparison.Ordinal);
        Assert.Contains("sendResultsTo = (caller = void)", text, StringComparison.Ordinal);
        Assert.Contains("attachedFd = 255", text, StringComparison.Ordinal);
    }
}
