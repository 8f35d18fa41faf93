using System.Buffers;
using Dash.Node.Net.Wire;

namespace Dash.Node.Tests.Net.Wire;

public class V1TransportTests
{
    private static readonly byte[] Magic = [0xfc, 0xc1, 0xb7, 0xdc];
    private readonly V1Transport _transport = new(Magic);

    [Fact]
    public void A_message_comes_out_as_it_went_in_whatever_the_pieces()
    {
        var bytes = Write("ping", [1, 2, 3, 4, 5, 6, 7, 8]);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            ReadOnlySequence<byte> part = new(bytes.AsMemory(0, cut));
            Assert.Equal(TransportStatus.Incomplete, _transport.Read(ref part, out _, out _));
            Assert.Equal(cut, part.Length);
        }

        ReadOnlySequence<byte> all = new(bytes);
        Assert.Equal(TransportStatus.Message, _transport.Read(ref all, out var message, out var fault));
        Assert.Null(fault);
        Assert.Equal(("ping", 32, 0L), (message.Type, message.WireSize, all.Length));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], message.Payload.ToArray());
    }

    [Fact]
    public void A_wrong_checksum_costs_the_message_and_not_the_connection()
    {
        var bytes = Write("ping", [1, 2, 3, 4, 5, 6, 7, 8]);
        bytes[^1] ^= 1;
        ReadOnlySequence<byte> input = new(bytes);
        Assert.Equal(TransportStatus.Rejected, _transport.Read(ref input, out _, out var fault));
        Assert.StartsWith("Header error: Wrong checksum (ping, 8 bytes), expected ", fault, StringComparison.Ordinal);
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void A_wrong_network_or_a_size_beyond_the_limit_ends_the_connection()
    {
        var foreign = Write("ping", []);
        foreign[0] ^= 1;
        ReadOnlySequence<byte> input = new(foreign);
        Assert.Equal(TransportStatus.Failed, _transport.Read(ref input, out _, out var fault));
        Assert.Equal("Header error: Wrong MessageStart fdc1b7dc received", fault);

        var large = Write("block", []);
        BitConverter.TryWriteBytes(large.AsSpan(16), NetLimits.MaxMessage + 1);
        input = new ReadOnlySequence<byte>(large);
        Assert.Equal(TransportStatus.Failed, _transport.Read(ref input, out _, out fault));
        Assert.Equal("Header error: Size too large (block, 3145729 bytes)", fault);
    }

    [Fact]
    public void A_name_with_something_after_its_end_is_not_taken()
    {
        var bytes = Write("ping", []);
        bytes[4 + 11] = (byte)'x';
        ReadOnlySequence<byte> input = new(bytes);
        Assert.Equal(TransportStatus.Rejected, _transport.Read(ref input, out _, out var fault));
        Assert.Equal("Header error: Invalid message type (ping, 0 bytes)", fault);
    }

    private byte[] Write(string type, byte[] payload)
    {
        ArrayBufferWriter<byte> output = new();
        Assert.True(_transport.TryWrite(type, payload, output));
        return output.WrittenSpan.ToArray();
    }
}
