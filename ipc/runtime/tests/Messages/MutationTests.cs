using System.Buffers;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Messages;

[Collection(nameof(Alone))]
public sealed class MutationTests
{
    [Fact]
    public void Damaged_frames_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(20_260_729);
        var frames = new[] { Frame(1), Frame(16), Frame(1024), Frame(1024) };
        var read = 0;
        var refused = 0;
        var rounds = LongRun.Scale(6_000, 10_000_000);
        Growth? growth = null;
        for (var round = 0; round < rounds; round++)
        {
            if (round == rounds / 2)
            {
                growth = new Growth();
            }

            if (round % 1_000 == 999)
            {
                using var other = RandomMessages.Next(random);
                frames[^1] = other.ToFrame(); // always one that was never there
            }

            var bytes = (byte[])frames[round % frames.Length].Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var place = random.Next(bytes.Length);
                bytes[place] = random.Next(3) switch
                {
                    0 => (byte)(bytes[place] ^ (1 << random.Next(8))),
                    1 => 0xff,
                    _ => (byte)random.Next(256),
                };
            }

            try
            {
                var buffer = new ReadOnlySequence<byte>(bytes.AsMemory(0, bytes.Length - random.Next(2)));
                if (StreamFraming.TryRead(ref buffer, Limits, out var message))
                {
                    Walk(message);
                    read++;
                }
            }
            catch (IpcFormatException)
            {
                refused++;
            }
        }

        growth?.IsNone();
        Assert.True(read > 100, $"{read} were read");
        Assert.True(refused > 100, $"{refused} were refused");
    }

    private static readonly MessageLimits Limits = new() { TraversalWords = 20_000 };

    /// <summary>Reads by one schema, and copies whole.</summary>
    private static void Walk(MessageReader message)
    {
        var root = message.Root.GetStruct();
        _ = root.GetUInt64(0) + root.GetByte(9);
        _ = root.GetPointer(0).GetText();
        _ = root.GetPointer(1).GetData();
        var structs = root.GetPointer(2).GetList(ElementSize.Composite);
        for (var i = 0; i < structs.Count; i++)
        {
            _ = structs.GetStruct(i).GetInt32(1);
            _ = structs.GetStruct(i).GetPointer(0).GetText();
        }

        var texts = root.GetPointer(3).GetList(ElementSize.Pointer);
        for (var i = 0; i < texts.Count; i++)
        {
            _ = texts.GetText(i);
        }

        var numbers = root.GetPointer(4).GetList(ElementSize.FourBytes);
        for (var i = 0; i < numbers.Count; i++)
        {
            _ = numbers.GetUInt32(i);
        }

        _ = root.GetPointer(5).GetCapability();
        using var copy = new MessageBuilder();
        copy.Root.SetFrom(message.Root);
        if (message.Root.Kind != PointerKind.Null)
        {
            _ = CanonicalForm.Encode(copy.Root.AsReader());
        }
    }

    private static byte[] Frame(int firstSegmentWords)
    {
        using var message = new MessageBuilder(firstSegmentWords);
        var root = message.Root.InitStruct(2, 6);
        root.SetUInt64(0, 12_345);
        root.GetPointer(0).SetText("a text");
        root.GetPointer(1).SetData([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var structs = root.GetPointer(2).InitStructList(3, 1, 1);
        for (var i = 0; i < 3; i++)
        {
            structs.GetStruct(i).SetInt32(1, i);
            structs.GetStruct(i).GetPointer(0).SetText($"{i}");
        }

        var texts = root.GetPointer(3).InitList(ElementSize.Pointer, 3);
        texts.SetText(0, "one");
        texts.SetText(2, "three");
        root.GetPointer(4).InitList(ElementSize.FourBytes, 5).SetUInt32(4, 9);
        root.GetPointer(5).SetCapability(new Handle());
        return message.ToFrame();
    }

    private sealed class Handle : CapabilityHandle;
}
