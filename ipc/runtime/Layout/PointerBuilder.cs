using System.Text;

namespace Dash.Ipc.Layout;

/// <summary>
/// A pointer being built. Setting a pointer that was set before leaves the old object in the message as bytes nobody
/// points to: build secrets once.
/// </summary>
public readonly struct PointerBuilder
{
    private readonly BuilderArena _arena;
    private readonly Segment _segment;
    private readonly int _position;

    internal PointerBuilder(BuilderArena arena, Segment segment, int position)
    {
        _arena = arena;
        _segment = segment;
        _position = position;
    }

    /// <summary>Whether nothing was set.</summary>
    public bool IsNull => _segment.PointerAt(_position).IsNull;

    /// <summary>The pointer as its readers will see it; valid as long as the builder.</summary>
    public PointerReader AsReader() => new(_arena, _segment, _position, ReadLimit.DefaultNesting);

    /// <summary>Makes the pointer null.</summary>
    public void Clear() => _segment.SetPointer(_position, default);

    /// <summary>Points to a new struct, all of whose fields have their defaults.</summary>
    public StructBuilder InitStruct(int dataWords, int pointers)
    {
        var pointer = WirePointer.ForStruct(0, dataWords, pointers);
        var (segment, position) = _arena.Allocate(_segment, _position, dataWords + pointers, pointer);
        return new StructBuilder(_arena, segment, position, dataWords, pointers);
    }

    /// <summary>The struct that was set, or a new one if none was.</summary>
    public StructBuilder GetStruct(int dataWords, int pointers)
    {
        if (IsNull)
        {
            return InitStruct(dataWords, pointers);
        }

        var target = _arena.Follow(_segment, _position);
        return target.Pointer.Tag == WirePointer.StructTag
            ? new StructBuilder(
                _arena, target.Segment, target.Bounded(target.Pointer.StructWords), target.Pointer.DataWords,
                target.Pointer.PointerCount)
            : throw new InvalidOperationException("The pointer was set to something else than a struct.");
    }

    /// <summary>Points to a new list of numbers, bits or pointers, all zero.</summary>
    public ListBuilder InitList(ElementSize size, int count)
    {
        if (size == ElementSize.Composite)
        {
            throw new ArgumentException("A list of structs needs their size.", nameof(size));
        }

        CheckCount(count);
        var bits = WirePointer.BitsOf(size);
        var words = (int)(((long)count * bits + 63) >> 6);
        var (segment, position) = _arena.Allocate(_segment, _position, words, WirePointer.ForList(0, size, count));
        var (dataWords, pointers) = size == ElementSize.Pointer ? (0, 1) : (0, 0);
        return new ListBuilder(_arena, segment, position, count, bits, dataWords, pointers);
    }

    /// <summary>Points to a new list of structs, all of whose fields have their defaults.</summary>
    public ListBuilder InitStructList(int count, int dataWords, int pointers)
    {
        CheckCount(count);
        var step = dataWords + pointers;
        var words = (long)count * step;
        if (words >= BuilderArena.MaxWords)
        {
            throw new IpcFormatException("Message is too large to be sent: more than 8388000 words.");
        }

        var pointer = WirePointer.ForList(0, ElementSize.Composite, (int)words);
        var (segment, position) = _arena.Allocate(_segment, _position, (int)words + 1, pointer);
        segment.SetPointer(position, WirePointer.ForStruct(count, dataWords, pointers));
        return new ListBuilder(_arena, segment, position + 8, count, step << 6, dataWords, pointers);
    }

    /// <summary>Points to a new list of structs of a generated type.</summary>
    public StructListBuilder<T> InitStructList<T>(int count)
        where T : struct, IStructBuilder<T> => new(InitStructList(count, T.DataWords, T.PointerCount));

    /// <summary>Sets a text, as UTF-8.</summary>
    public void SetText(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var count = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, InitBytes(count, 1));
    }

    /// <summary>Sets a text from its bytes, without a NUL at their end.</summary>
    public void SetTextBytes(ReadOnlySpan<byte> value) => value.CopyTo(InitBytes(value.Length, 1));

    /// <summary>Sets a Data field; also an empty one is not null.</summary>
    public void SetData(ReadOnlySpan<byte> value) => value.CopyTo(InitBytes(value.Length, 0));

    /// <summary>Points to new bytes of a Data field, all zero, to be filled by the caller.</summary>
    public Span<byte> InitData(int count)
    {
        var bytes = InitBytes(count, 0);
        bytes.Clear();
        return bytes;
    }

    /// <summary>Adds the capability to the message's table and points to it; null makes the pointer null.</summary>
    public void SetCapability(CapabilityHandle? capability) => _segment.SetPointer(
        _position, capability is null ? default : WirePointer.ForCapability(_arena.AddCapability(capability)));

    /// <summary>
    /// Copies what a pointer of any message leads to, whole: fields unknown to our schema too. Capabilities are entered
    /// into this message's table. The source's limits hold.
    /// </summary>
    public void SetFrom(PointerReader source)
    {
        Clear();
        switch (source.Kind)
        {
            case PointerKind.Struct:
                SetStruct(source.GetStruct());
                break;
            case PointerKind.List:
                SetList(source.GetList(ElementSize.Void));
                break;
            case PointerKind.Capability:
                SetCapability(source.GetCapability());
                break;
            case PointerKind.Null:
            default:
                break;
        }
    }

    /// <summary>Points to a copy of a struct of any message.</summary>
    public void SetStruct(StructReader source) => InitStruct(source.DataWords, source.PointerCount).CopyFrom(source);

    /// <summary>Points to a copy of a list of any message.</summary>
    public void SetList(ListReader source)
    {
        switch (source.ElementSize)
        {
            case ElementSize.Composite:
                var structs = InitStructList(source.Count, source.ElementDataWords, source.ElementPointers);
                if (source.ElementDataWords + source.ElementPointers > 0)
                {
                    for (var i = 0; i < source.Count; i++)
                    {
                        structs.GetStruct(i).CopyFrom(source.GetStruct(i));
                    }
                }

                break;
            case ElementSize.Pointer:
                var pointers = InitList(ElementSize.Pointer, source.Count);
                for (var i = 0; i < source.Count; i++)
                {
                    pointers.GetPointer(i).SetFrom(source.GetPointer(i));
                }

                break;
            default:
                InitList(source.ElementSize, source.Count).CopyRaw(source.RawBytes);
                break;
        }
    }

    private Span<byte> InitBytes(int count, int tail)
    {
        var total = checked(count + tail);
        CheckCount(total);
        var pointer = WirePointer.ForList(0, ElementSize.Byte, total);
        var words = (int)((total + 7L) >> 3);
        var (segment, position) = _arena.Allocate(_segment, _position, words, Math.Min(words, 1), pointer);
        return segment.Buffer.AsSpan(position, count);
    }

    private static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, WirePointer.MaxCount);
    }
}
