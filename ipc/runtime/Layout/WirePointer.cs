namespace Dash.Ipc.Layout;

/// <summary>
/// A pointer as it stands in a message: 64 bits, least significant first.
/// <code>
/// struct   00 | offset 30, signed, words from the end of the pointer    | data words 16 | pointers 16
/// list     01 | offset 30                                               | element size 3 | count 29
/// far      10 | double 1 | landing pad 29, words from segment start     | segment id 32
/// other    11 | 0 x 30 (capability)                                     | capability index 32
/// </code>
/// A composite list counts words instead of elements, without its tag; the tag is a struct pointer whose offset is the
/// element count.
/// </summary>
internal readonly struct WirePointer(ulong value)
{
    public const ulong StructTag = 0;
    public const ulong ListTag = 1;
    public const ulong FarTag = 2;
    public const ulong OtherTag = 3;

    /// <summary>Largest element count of a list: 29 bits.</summary>
    public const int MaxCount = (1 << 29) - 1;

    public ulong Value { get; } = value;

    public bool IsNull => Value == 0;

    public ulong Tag => Value & 3;

    public bool IsFar => Tag == FarTag;

    /// <summary>Signed distance in words from the end of the pointer to the target.</summary>
    public int Offset => (int)(uint)Value >> 2;

    /// <summary>The offset field of a composite list's tag: its element count, unsigned.</summary>
    public uint TagCount => (uint)Value >> 2;

    public ushort DataWords => (ushort)(Value >> 32);

    public ushort PointerCount => (ushort)(Value >> 48);

    /// <summary>Words of the struct this points to.</summary>
    public int StructWords => DataWords + PointerCount;

    public ElementSize ElementSize => (ElementSize)((Value >> 32) & 7);

    public uint Count => (uint)(Value >> 35);

    public bool IsDoubleFar => (Value & 4) != 0;

    /// <summary>Word of the landing pad in its segment.</summary>
    public uint LandingPad => (uint)Value >> 3;

    public uint SegmentId => (uint)(Value >> 32);

    public bool IsCapability => (uint)Value == OtherTag;

    public uint CapabilityIndex => (uint)(Value >> 32);

    public static WirePointer ForStruct(int offset, int dataWords, int pointers) =>
        new((uint)(offset << 2) | StructTag | (ulong)(ushort)dataWords << 32 | (ulong)(ushort)pointers << 48);

    public static WirePointer ForList(int offset, ElementSize size, int count) =>
        new((uint)(offset << 2) | ListTag | (ulong)size << 32 | (ulong)(uint)count << 35);

    public static WirePointer ForFar(uint segment, int pad) => new((uint)(pad << 3) | FarTag | (ulong)segment << 32);

    public static WirePointer ForCapability(int index) => new(OtherTag | (ulong)(uint)index << 32);

    /// <summary>The same pointer with another offset: for moving a tag to a place beside its target.</summary>
    public WirePointer WithOffset(int offset) => new(Value & 0xffff_ffff_0000_0003 | (uint)(offset << 2));

    /// <summary>Bits of one element, 0 for void; pointers have 64, composites have none of their own.</summary>
    public static int BitsOf(ElementSize size) => size switch
    {
        ElementSize.Bit => 1,
        ElementSize.Byte => 8,
        ElementSize.TwoBytes => 16,
        ElementSize.FourBytes => 32,
        ElementSize.EightBytes => 64,
        ElementSize.Pointer => 64,
        _ => 0,
    };
}
