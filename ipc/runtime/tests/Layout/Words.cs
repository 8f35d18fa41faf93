using System.Buffers.Binary;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Tests.Layout;

/// <summary>Messages written by hand, word by word, for what no builder would make.</summary>
internal static class Words
{
    /// <summary>A message whose segments are these words.</summary>
    public static MessageReader Message(params ulong[][] segments) =>
        MessageReader.Parse(Frame(segments));

    public static byte[] Frame(params ulong[][] segments)
    {
        var table = (segments.Length + 2) / 2 * 8;
        var frame = new byte[table + (segments.Sum(s => s.Length) * 8)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, segments.Length - 1);
        var position = table;
        for (var i = 0; i < segments.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4 + (4 * i)), segments[i].Length);
            foreach (var word in segments[i])
            {
                BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(position), word);
                position += 8;
            }
        }

        return frame;
    }

    public static ulong Struct(int offset, int data, int pointers) =>
        (uint)(offset << 2) | (ulong)data << 32 | (ulong)pointers << 48;

    public static ulong List(int offset, int size, uint count) =>
        (uint)(offset << 2) | 1u | (ulong)size << 32 | (ulong)count << 35;

    public static ulong Tag(uint count, int data, int pointers) =>
        (count << 2) | (ulong)data << 32 | (ulong)pointers << 48;

    public static ulong Far(uint segment, int pad) => (uint)(pad << 3) | 2u | (ulong)segment << 32;

    public static ulong DoubleFar(uint segment, int pad) => (uint)(pad << 3) | 6u | (ulong)segment << 32;

    public static ulong Capability(uint index) => 3u | (ulong)index << 32;
}
