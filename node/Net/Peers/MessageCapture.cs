using System.Buffers.Binary;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Peers;

/// <summary>
/// Writes down all messages (<c>-capturemessages</c>): for each peer a folder with one file of what came and one of what
/// went, each message as its time in microseconds, its name in 12 bytes, its length in 4, and its contents. Any thread.
/// </summary>
internal sealed class MessageCapture(string directory, Clock clock)
{
    private const int NameSize = 12;

    private readonly Lock _gate = new(); // one writer at a time

    /// <summary>Writes down one message.</summary>
    public void Write(NetEndpoint peer, string type, ReadOnlySpan<byte> payload, bool isIncoming)
    {
        var folder = Path.Combine(directory, "message_capture", peer.ToString().Replace(':', '_'));
        Span<byte> header = stackalloc byte[8 + NameSize + 4];
        header.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(header, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
        System.Text.Encoding.Latin1.GetBytes(type.AsSpan(0, Math.Min(type.Length, NameSize)), header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[(8 + NameSize)..], payload.Length);
        lock (_gate)
        {
            Directory.CreateDirectory(folder);
            using FileStream file = new(Path.Combine(folder, isIncoming ? "msgs_recv.dat" : "msgs_sent.dat"), FileMode.Append, FileAccess.Write);
            file.Write(header);
            file.Write(payload);
        }
    }
}
