using System.Buffers.Binary;

namespace Dash.Ipc.Layout;

/// <summary>
/// One contiguous run of words of a message: a part of a byte array. A reader sees <see cref="Words"/> of them; a builder
/// lets that number grow up to <see cref="Capacity"/>.
/// </summary>
internal sealed class Segment(uint id, byte[] buffer, int start, int words, int capacity)
{
    public uint Id { get; } = id;

    /// <summary>The array; empty after the builder that rented it was disposed of.</summary>
    public byte[] Buffer { get; private set; } = buffer;

    /// <summary>First byte of the segment in <see cref="Buffer"/>.</summary>
    public int Start { get; } = start;

    /// <summary>Words in use.</summary>
    public int Words { get; private set; } = words;

    /// <summary>Words there is room for.</summary>
    public int Capacity { get; private set; } = capacity;

    /// <summary>Byte position in <see cref="Buffer"/> of a word of this segment.</summary>
    public int ByteOf(long word) => Start + (int)(word << 3);

    /// <summary>Word of this segment at a byte position of <see cref="Buffer"/>.</summary>
    public int WordOf(int position) => (position - Start) >> 3;

    public WirePointer PointerAt(int position) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(Buffer.AsSpan(position)));

    public void SetPointer(int position, WirePointer pointer) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Buffer.AsSpan(position), pointer.Value);

    /// <summary>Takes words from the free end. False when there is no room for them.</summary>
    /// <param name="words">How many.</param>
    /// <param name="cleared">Of these, how many from the last are zeroed: what stands before them is written at once.</param>
    /// <param name="position">The first one's.</param>
    public bool TryTake(int words, int cleared, out int position)
    {
        if (words > Capacity - Words)
        {
            position = 0;
            return false;
        }

        position = ByteOf(Words);
        Buffer.AsSpan(position + ((words - cleared) << 3), cleared << 3).Clear();
        Words += words;
        return true;
    }

    /// <summary>Begins anew, with another array and nothing in it.</summary>
    public void Attach(byte[] buffer)
    {
        Buffer = buffer;
        Words = 0;
        Capacity = (buffer.Length - Start) >> 3;
    }

    /// <summary>Reads another array from its beginning.</summary>
    public void Attach(byte[] buffer, int words)
    {
        Buffer = buffer;
        Words = words;
        Capacity = words;
    }

    /// <summary>The words in use.</summary>
    public ReadOnlySpan<byte> Used => Buffer.AsSpan(Start, Words << 3);

    /// <summary>The same, to be kept over an await.</summary>
    public ReadOnlyMemory<byte> UsedMemory => Buffer.AsMemory(Start, Words << 3);

    /// <summary>Forgets the array, which is returned for the pool to have.</summary>
    /// <param name="wipes">Whether what was written is overwritten first.</param>
    public byte[] Detach(bool wipes)
    {
        var detached = Buffer;
        if (wipes)
        {
            detached.AsSpan(Start, Words << 3).Clear();
        }

        Buffer = [];
        Words = 0;
        return detached;
    }
}
