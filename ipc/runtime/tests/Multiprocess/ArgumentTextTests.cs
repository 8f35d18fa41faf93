using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Multiprocess;

public sealed class ArgumentTextTests
{
    private static readonly ProxyField[] Fields =
    [
        new("yes", ProxyFieldKind.Bool, 0),
        new("small", ProxyFieldKind.Int8, 1),
        new("height", ProxyFieldKind.Int32, 1) { Mask = 0xffff_ffff },
        new("rate", ProxyFieldKind.Float64, 1),
        new("name", ProxyFieldKind.Text, 0),
        new("block", ProxyFieldKind.Data, 1),
        new("hash", ProxyFieldKind.Hash, 2),
        new("passphrase", ProxyFieldKind.Secret, 3),
        new("targets", ProxyFieldKind.List, 4) { Members = [new("targets", ProxyFieldKind.Int32, 0)] },
        new("items", ProxyFieldKind.List, 5) { Members = [new("items", ProxyFieldKind.Struct, 0) { Members = [new("n", ProxyFieldKind.UInt16, 0), new("key", ProxyFieldKind.Secret, 0)] }] },
        new("listener", ProxyFieldKind.Object, 6),
    ];

    [Fact]
    public void Numbers_hashes_and_beginnings_are_shown_and_contents_and_secrets_are_not()
    {
        using MessageBuilder message = new();
        var root = message.Root.InitStruct(2, 7);
        root.SetBool(0, true);
        root.SetByte(1, 0xfe);
        root.SetInt32(1, 7 ^ -1);
        root.SetDouble(1, 0.5);
        root.GetPointer(0).SetText("a \"name\"\n\u202e of more than forty characters, which is long");
        root.GetPointer(1).SetData("a whole block"u8);
        root.GetPointer(2).SetData([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        root.GetPointer(3).SetText("correct horse");
        var targets = root.GetPointer(4).InitList(ElementSize.FourBytes, 6);
        targets.SetInt32(0, -5);
        var items = root.GetPointer(5).InitStructList(2, 1, 1);
        items.GetStruct(1).SetUInt16(0, 9);
        items.GetStruct(1).GetPointer(0).SetText("cPrivateKey");
        root.GetPointer(6).SetCapability(new Handle());

        const string Expected =
            "(yes = true, small = -2, height = 7, rate = 0.5, name = \"a \\u0022name\\u0022\\u000a\\u202e of more than forty characte\"… 57 bytes, "
            + "block = 13 bytes, hash = 1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100, passphrase = ***, "
            + "targets = [-5, 0, 0, 0, … 6 elements], items = [(n = 0, key = ***), (n = 9, key = ***)], listener = object)";
        Assert.Equal(Expected, ArgumentText.Of(message.Root.AsReader(), Fields));
        Assert.Equal(Expected, ArgumentText.Of(message.ToReader().Root, Fields));
        Assert.Equal("()", ArgumentText.Of(message.Root.AsReader(), []));
    }

    [Fact]
    public void What_is_not_there_is_shown_as_nothing() => Assert.Equal(
        "(yes = false, small = 0, height = -1, rate = 0, name = \"\", block = none, hash = none, passphrase = ***, targets = none, "
        + "items = none, listener = none)",
        ArgumentText.Of(default, Fields));

    [Fact]
    public void It_is_never_long()
    {
        ProxyField[] many = [.. Enumerable.Range(0, 500).Select(i => new ProxyField($"field{i}", ProxyFieldKind.UInt64, 0))];
        Assert.InRange(ArgumentText.Of(default, many).Length, 100, 401);
    }

    [Fact]
    public void Ill_formed_messages_are_called_so_and_cost_their_reader_nothing()
    {
        var random = new Random(4711);
        for (var round = 0; round < 2_000; round++)
        {
            using var message = RandomMessages.Next(random);
            var frame = message.ToFrame();
            for (var i = 0; i < 4; i++)
            {
                frame[random.Next(8, frame.Length)] = (byte)random.Next(256);
            }

            MessageReader reader;
            try
            {
                reader = MessageReader.Parse(frame);
                _ = reader.Root;
            }
            catch (IpcFormatException)
            {
                continue;
            }

            var left = reader.Root.Limit!.Left; // of a message that was received
            Assert.NotEmpty(ArgumentText.Of(reader.Root, Fields));
            Assert.Equal(left, reader.Root.Limit!.Left);
        }
    }

    private sealed class Handle : CapabilityHandle;
}
