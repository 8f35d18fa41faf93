using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Dash.Functional.Framework;

/// <summary>A peer over a bare socket, version 1 of the transport: it can say anything, and counts what it hears.</summary>
public sealed class RawPeer : IDisposable
{
    private const int HeaderSize = 24;
    private const int NewestVersion = RawGreeting.NewestVersion;

    private static readonly byte[] Magic = [0xfc, 0xc1, 0xb7, 0xdc]; // regtest

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawPeer(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Connects and says nothing.</summary>
    public static async Task<RawPeer> ConnectAsync(int port, CancellationToken ct)
    {
        TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port, ct);
        return new RawPeer(client);
    }

    /// <summary>Connects and introduces itself.</summary>
    public static Task<RawPeer> GreetAsync(int port, CancellationToken ct, int version = NewestVersion) =>
        GreetAsync(port, new RawGreeting { Version = version }, ct);

    /// <summary>Connects and introduces itself.</summary>
    public static async Task<RawPeer> GreetAsync(int port, RawGreeting greeting, CancellationToken ct)
    {
        var peer = await ConnectAsync(port, ct);
        await peer.SendAsync("version", greeting.ToBytes(), ct);
        await peer.SendAsync("verack", ReadOnlyMemory<byte>.Empty, ct);
        return peer;
    }

    /// <summary>A message in its wire form.</summary>
    public static byte[] Frame(string type, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderSize + payload.Length];
        Magic.CopyTo(frame, 0);
        Encoding.ASCII.GetBytes(type, frame.AsSpan(4, 12));
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(16), payload.Length);
        SHA256.HashData(SHA256.HashData(payload)).AsSpan(0, 4).CopyTo(frame.AsSpan(20));
        payload.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>Sends a message.</summary>
    public Task SendAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken ct) => SendRawAsync(Frame(type, payload.Span), ct);

    /// <summary>Sends bytes.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => await _stream.WriteAsync(bytes, ct);

    /// <summary>The next message.</summary>
    /// <exception cref="IOException">The node hung up.</exception>
    public async Task<(string Type, byte[] Payload)> ReceiveAsync(CancellationToken ct)
    {
        var header = new byte[HeaderSize];
        await _stream.ReadExactlyAsync(header, ct);
        var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(16))];
        await _stream.ReadExactlyAsync(payload, ct);
        return (Encoding.ASCII.GetString(header, 4, 12).TrimEnd('\0'), payload);
    }

    /// <summary>Pings and waits for the answer; messages before it are read over.</summary>
    public async Task PingAsync(ulong nonce, CancellationToken ct)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, nonce);
        await SendAsync("ping", payload, ct);
        while (true)
        {
            var (type, answer) = await ReceiveAsync(ct);
            if (type == "pong" && answer.AsSpan().SequenceEqual(payload)) return;
            if (type == "ping") await SendAsync("pong", answer, ct);
        }
    }

    /// <summary>Pings, and tells what it hears before the answer; a last one without a name if the node hung up.</summary>
    public async Task<IReadOnlyList<(string Type, byte[] Payload)>> HearAsync(CancellationToken ct)
    {
        List<(string, byte[])> heard = [];
        try
        {
            var mark = RandomNumberGenerator.GetBytes(8);
            await SendAsync("ping", mark, ct);
            while (true)
            {
                var (type, payload) = await ReceiveAsync(ct);
                if (type == "pong" && payload.AsSpan().SequenceEqual(mark)) return heard;
                heard.Add((type, payload));
            }
        }
        catch (IOException)
        {
            heard.Add(("", []));
            return heard;
        }
    }

    public void Dispose() => _client.Dispose();
}
