using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Dash.Node.Tests.Services;

/// <summary>The receiving end of a publisher, by the wire's own rules (ZMTP 3.0, no security).</summary>
internal sealed class ZmtpSubscriber : IDisposable
{
    private const int GreetingSize = 64;
    private const byte More = 1;
    private const byte Long = 2;
    private const byte Command = 4;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Stream _stream = Stream.Null;

    /// <summary>The parts of a message.</summary>
    /// <param name="Topic">Its name.</param>
    /// <param name="Body">What it says.</param>
    /// <param name="Number">How many of the topic came before it.</param>
    public sealed record Message(string Topic, byte[] Body, uint Number);

    public static async Task<ZmtpSubscriber> ConnectAsync(string path, IEnumerable<string> topics, CancellationToken ct)
    {
        ZmtpSubscriber subscriber = new();
        await subscriber._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        var stream = subscriber._stream = new NetworkStream(subscriber._socket);

        // Ten bytes of signature, the version, the mechanism's name in twenty, which side this is, and zeros.
        byte[] greeting = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, .. "NULL"u8, .. new byte[GreetingSize - 16]];
        await stream.WriteAsync(greeting, ct);
        var theirs = new byte[GreetingSize];
        await stream.ReadExactlyAsync(theirs, ct);
        Assert.Equal((0xff, 0x7f, 3), (theirs[0], theirs[9], theirs[10]));

        byte[] ready = [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "SUB"u8];
        await stream.WriteAsync((byte[])[Command, (byte)ready.Length, .. ready], ct);
        var (flags, reply) = await subscriber.FrameAsync(ct);
        Assert.Equal(Command, flags & Command);
        Assert.Equal("READY", Encoding.ASCII.GetString(reply, 1, 5));
        foreach (var topic in topics)
        {
            byte[] wish = [1, .. Encoding.ASCII.GetBytes(topic)];
            await stream.WriteAsync((byte[])[0, (byte)wish.Length, .. wish], ct);
        }

        return subscriber;
    }

    /// <summary>The next message.</summary>
    public async Task<Message> NextAsync(CancellationToken ct)
    {
        List<byte[]> parts = [];
        byte flags;
        do
        {
            (flags, var part) = await FrameAsync(ct);
            parts.Add(part);
        }
        while ((flags & More) != 0);

        Assert.Equal(3, parts.Count);
        Assert.Equal(sizeof(uint), parts[2].Length);
        return new Message(Encoding.ASCII.GetString(parts[0]), parts[1], BinaryPrimitives.ReadUInt32LittleEndian(parts[2]));
    }

    /// <summary>Whether a message came within some time; it is not taken.</summary>
    public async Task<bool> HasNextAsync(TimeSpan patience, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; _socket.Available == 0; waited += TimeSpan.FromMilliseconds(5))
        {
            if (waited > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        }

        return true;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<(byte Flags, byte[] Body)> FrameAsync(CancellationToken ct)
    {
        var stream = _stream;
        var head = new byte[9];
        await stream.ReadExactlyAsync(head.AsMemory(0, 2), ct);
        long length = head[1];
        if ((head[0] & Long) != 0)
        {
            await stream.ReadExactlyAsync(head.AsMemory(2, 7), ct);
            length = BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(1));
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, ct);
        return (head[0], body);
    }
}
