using System.Buffers;
using Dash.Node.Net.Bip324;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Bip324;

/// <summary>Two ends that hand each other bytes, in pieces of any size.</summary>
public class V2TransportTests
{
    private static readonly byte[] Magic = [0xfc, 0xc1, 0xb7, 0xdc];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public void Messages_go_both_ways_however_they_are_cut(int piece)
    {
        End initiator = new(Open(isInitiator: true)), responder = new(Open(isInitiator: false));
        Assert.Equal(TransportProtocol.Detecting, initiator.Transport.Protocol);
        for (var i = 0; i < 300; i++)
        {
            initiator.Send("ping", [(byte)i, 2, 3]);
            responder.Send("longcommand1", new byte[i]);
        }

        for (var round = 0; round < 4; round++)
        {
            initiator.PassTo(responder, piece);
            responder.PassTo(initiator, piece);
        }

        Assert.Equal(300, responder.Received.Count);
        Assert.Equal(("ping", 3, 3 + 1 + 20), (responder.Received[0].Type, responder.Received[0].Payload.Length, responder.Received[299].WireSize - 12));
        Assert.Equal(("longcommand1", 299), (initiator.Received[299].Type, initiator.Received[299].Payload.Length));
        Assert.Equal(TransportProtocol.V2, initiator.Transport.Protocol);
        Assert.Equal(64, initiator.Transport.SessionId.Length);
        Assert.Equal(initiator.Transport.SessionId, responder.Transport.SessionId);
    }

    [Fact]
    public void Short_names_are_used_once_the_peer_said_its_version()
    {
        End initiator = new(Open(isInitiator: true)), responder = new(Open(isInitiator: false));
        initiator.Send("version", [0x60, 0x12, 0x01, 0, 9, 9]); // 70240
        initiator.PassTo(responder, 100);
        responder.PassTo(initiator, 100);
        initiator.PassTo(responder, 100);
        responder.Send("pong", new byte[8]);
        responder.PassTo(initiator, 100);
        Assert.Equal(29, Assert.Single(initiator.Received).WireSize);
    }

    [Fact]
    public void A_peer_of_version_1_is_understood()
    {
        End responder = new(Open(isInitiator: false)), old = new(new V1Transport(Magic));
        old.Send("version", [1, 2, 3]);
        old.Send("verack", []);
        old.PassTo(responder, 3);
        Assert.Equal(["version", "verack"], responder.Received.Select(message => message.Type));
        Assert.Equal(TransportProtocol.V1, responder.Transport.Protocol);
        responder.Send("ping", new byte[8]);
        responder.PassTo(old, 3);
        Assert.Equal("ping", Assert.Single(old.Received).Type);
    }

    [Fact]
    public void A_peer_of_another_network_is_refused()
    {
        End responder = new(Open(isInitiator: false)), stranger = new(new V1Transport(new byte[] { 1, 2, 3, 4 }));
        stranger.Send("version", [1]);
        Assert.Equal(TransportStatus.Failed, responder.Take(stranger.Flush()));
        Assert.Equal("V2 transport error: V1 peer with wrong MessageStart 01020304", responder.Fault);
    }

    [Fact]
    public void Garbage_without_end_is_refused()
    {
        End responder = new(Open(isInitiator: false));
        var flood = new byte[64 + V2Transport.MaxGarbage + 16];
        flood.AsSpan().Fill(7);
        Assert.Equal(TransportStatus.Failed, responder.Take(flood));
        Assert.Equal("V2 transport error: missing garbage terminator", responder.Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void A_changed_byte_ends_the_connection(int position)
    {
        End initiator = new(Open(isInitiator: true)), responder = new(Open(isInitiator: false));
        initiator.PassTo(responder, 100);
        responder.PassTo(initiator, 100);
        initiator.PassTo(responder, 100);
        initiator.Send("ping", new byte[8]);
        var bytes = initiator.Flush();
        bytes[position] ^= 0x80;
        var status = responder.Take(bytes);

        // A changed length is either too large or waits for more; then the tag is wrong.
        if (status == TransportStatus.Incomplete)
        {
            status = responder.Take(new byte[4_000_000]);
        }

        Assert.Equal(TransportStatus.Failed, status);
        Assert.Empty(responder.Received);
    }

    [Fact]
    public void Only_a_peer_that_said_nothing_is_called_again_in_the_clear()
    {
        End initiator = new(Open(isInitiator: true));
        Assert.False(initiator.Transport.ShouldRetryWithV1);
        initiator.Flush();
        Assert.True(initiator.Transport.ShouldRetryWithV1);
        initiator.Take([1]);
        Assert.False(initiator.Transport.ShouldRetryWithV1);
    }

    private static V2Transport Open(bool isInitiator) => new(isInitiator, Magic, peer: 0, NullLogger.Instance);

    private sealed class End(IPeerTransport transport)
    {
        private readonly Queue<(string Type, byte[] Payload)> _waiting = new();
        private byte[] _input = [];

        public IPeerTransport Transport => transport;

        public List<ReceivedMessage> Received { get; } = [];

        public string? Fault { get; private set; }

        public void Send(string type, byte[] payload) => _waiting.Enqueue((type, payload));

        public byte[] Flush()
        {
            ArrayBufferWriter<byte> output = new();
            transport.WriteOwn(output);
            while (_waiting.TryPeek(out var next) && transport.TryWrite(next.Type, next.Payload, output))
            {
                _waiting.Dequeue();
            }

            return output.WrittenSpan.ToArray();
        }

        public void PassTo(End other, int piece)
        {
            foreach (var part in Flush().Chunk(piece))
            {
                Assert.NotEqual(TransportStatus.Failed, other.Take(part));
            }
        }

        public TransportStatus Take(byte[] bytes)
        {
            _input = [.. _input, .. bytes];
            ReadOnlySequence<byte> sequence = new(_input);
            TransportStatus status;
            while (true)
            {
                status = transport.Read(ref sequence, out var message, out var fault);
                Fault ??= fault;
                if (status != TransportStatus.Message)
                {
                    break;
                }

                Received.Add(message);
            }

            _input = sequence.ToArray();
            return status;
        }
    }
}
