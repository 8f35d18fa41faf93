using System.Buffers;
using Dash.Ipc.Messages;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Messages;

/// <summary>Random messages of ours go through the reference tool and come back with the same meaning.</summary>
public sealed class RandomRoundTripTests
{
    private const string Schema = "runtime/tests/Schemas/kinds.capnp";
    private const int Batch = 500;

    [Fact]
    public async Task Messages_come_back_from_the_tool_through_text_packed_and_canonical_form()
    {
        Random random = new(20_260_803);
        for (var left = LongRun.Scale(500, 100_000); left > 0; left -= Batch)
        {
            List<byte[]> canonical = [];
            ArrayBufferWriter<byte> frames = new();
            for (var i = 0; i < Batch; i++)
            {
                using var message = RandomMessages.Next(random);
                StreamFraming.Write(message, frames);
                canonical.Add(CanonicalForm.Encode(message.Root.AsReader()));
            }

            var ours = frames.WrittenSpan.ToArray();
            var text = await CapnpTool.RunAsync("convert", Schema, "Kinds", ours, "binary:text");
            Expect(canonical, await CapnpTool.RunAsync("encode", Schema, "Kinds", text), "text");

            var packed = await CapnpTool.RunAsync("convert", Schema, "Kinds", ours, "binary:packed");
            Expect(canonical, Packing.Unpack(packed, int.MaxValue), "packed by the tool");
            ArrayBufferWriter<byte> packedHere = new();
            Packing.Pack(ours, packedHere);
            var unpacked = await CapnpTool.RunAsync("convert", Schema, "Kinds", packedHere.WrittenSpan.ToArray(), "packed:binary");
            Expect(canonical, unpacked, "packed here");

            // Byte for byte what the tool says the canonical form is, which it writes without a table.
            var theirs = await CapnpTool.RunAsync("convert", Schema, "Kinds", ours, "binary:canonical");
            var start = 0;
            foreach (var form in canonical)
            {
                Assert.Equal(Convert.ToHexString(form), Convert.ToHexString(theirs.AsSpan(start, form.Length)));
                start += form.Length;
            }

            Assert.Equal(theirs.Length, start);
        }
    }

    private static void Expect(List<byte[]> canonical, byte[] stream, string way)
    {
        var frames = Split(stream);
        Assert.Equal(canonical.Count, frames.Count);
        for (var i = 0; i < frames.Count; i++)
        {
            var back = CanonicalForm.Encode(MessageReader.Parse(frames[i]).Root);
            Assert.True(
                back.AsSpan().SequenceEqual(canonical[i]),
                $"{way}, message {i}: {Convert.ToHexString(canonical[i])} became {Convert.ToHexString(back)}");
        }
    }

    private static List<byte[]> Split(byte[] stream)
    {
        List<byte[]> frames = [];
        ReadOnlySequence<byte> rest = new(stream);
        while (!rest.IsEmpty)
        {
            var before = rest;
            Assert.True(StreamFraming.TryRead(ref rest, MessageLimits.Default, out _));
            frames.Add(before.Slice(0, before.Length - rest.Length).ToArray());
        }

        return frames;
    }
}
