using System.Text;

namespace Dash.Ipc.Layout;

/// <summary>
/// A pointer in a message, not followed yet. Following it checks bounds and limits and throws
/// <see cref="IpcFormatException"/>; a null pointer gives an empty struct, list, text or data, and no capability.
/// </summary>
public readonly struct PointerReader
{
    private readonly Arena? _arena;
    private readonly Segment? _segment;
    private readonly int _position;
    private readonly int _nesting;

    internal PointerReader(Arena arena, Segment segment, int position, int nesting)
    {
        _arena = arena;
        _segment = segment;
        _position = position;
        _nesting = nesting;
    }

    /// <summary>Whether the field was never set.</summary>
    public bool IsNull => _segment is null || _segment.PointerAt(_position).IsNull;

    /// <summary>What may still be walked of the message; null of a pointer that is in none.</summary>
    internal ReadLimit? Limit => _arena?.Limit;

    /// <summary>What the pointer leads to; throws if it is nothing known.</summary>
    public PointerKind Kind
    {
        get
        {
            if (!TryFollow(out _, out var target))
            {
                return PointerKind.Null;
            }

            var pointer = target.Pointer;
            return pointer.IsNull ? PointerKind.Null : pointer.Tag switch
            {
                WirePointer.StructTag => PointerKind.Struct,
                WirePointer.ListTag => PointerKind.List,
                _ when pointer.IsCapability => PointerKind.Capability,
                _ => throw new IpcFormatException("Message contains an unknown kind of pointer."),
            };
        }
    }

    /// <summary>The struct; one of defaults if the pointer is null.</summary>
    public StructReader GetStruct()
    {
        if (!TryFollow(out var arena, out var target))
        {
            return default;
        }

        var pointer = target.Pointer;
        if (pointer.Tag != WirePointer.StructTag)
        {
            throw new IpcFormatException("Message contains non-struct pointer where struct pointer was expected.");
        }

        var nesting = Deeper();
        var position = target.Bounded(pointer.StructWords);
        arena.Limit.Charge(pointer.StructWords);
        return new StructReader(
            arena, target.Segment, position, pointer.DataWords << 6, position + (pointer.DataWords << 3),
            pointer.PointerCount, nesting);
    }

    /// <summary>The list; empty if the pointer is null.</summary>
    /// <param name="expected">
    /// What the schema says. A list that a newer or older schema wrote is accepted where its elements contain the
    /// expected
    /// ones: structs for their first field, numbers and pointers for a struct with one field.
    /// <see cref="ElementSize.Void"/> accepts every list.
    /// </param>
    public ListReader GetList(ElementSize expected)
    {
        if (!TryFollow(out var arena, out var target))
        {
            return default;
        }

        var pointer = target.Pointer;
        if (pointer.Tag != WirePointer.ListTag)
        {
            throw new IpcFormatException("Message contains non-list pointer where list pointer was expected.");
        }

        var nesting = Deeper();
        if (pointer.ElementSize == ElementSize.Composite)
        {
            return GetComposite(arena, target, expected, nesting);
        }

        var actual = pointer.ElementSize;
        var bits = WirePointer.BitsOf(actual);
        var words = ((long)pointer.Count * bits + 63) >> 6;
        var position = target.Bounded(words);
        arena.Limit.Charge(actual == ElementSize.Void ? pointer.Count : words);
        var fits = expected switch
        {
            ElementSize.Void => true,
            ElementSize.Bit => actual == ElementSize.Bit,
            ElementSize.Composite => actual != ElementSize.Bit,
            ElementSize.Pointer => actual == ElementSize.Pointer,
            _ => actual is not (ElementSize.Bit or ElementSize.Pointer) && bits >= WirePointer.BitsOf(expected),
        };
        if (!fits)
        {
            throw Unexpected(expected);
        }

        var (dataBits, pointers) = actual == ElementSize.Pointer ? (0, 1) : (bits, 0);
        return new ListReader(
            arena, target.Segment, position, (int)pointer.Count, bits, dataBits, pointers, actual, nesting);
    }

    /// <summary>
    /// The text; empty if the pointer is null. Bytes that are no UTF-8 become replacement characters.
    /// </summary>
    public string GetText() => Encoding.UTF8.GetString(GetTextBytes().Span);

    /// <summary>
    /// The text's bytes without the NUL at their end; they may be kept, as those of <see cref="GetData"/>.
    /// </summary>
    public ReadOnlyMemory<byte> GetTextBytes()
    {
        if (IsNull)
        {
            return default;
        }

        var bytes = GetBytes("text");
        return bytes.Length > 0 && bytes.Span[^1] == 0
            ? bytes[..^1]
            : throw new IpcFormatException("Message contains text that is not NUL-terminated.");
    }

    /// <summary>
    /// The bytes of a Data field; empty if the pointer is null. They may be kept: they are a received message's own
    /// memory,
    /// which it then keeps alive, or a copy of what is in a builder's.
    /// </summary>
    public ReadOnlyMemory<byte> GetData() => IsNull ? default : GetBytes("data");

    /// <summary>The capability; null if the pointer is null or its index is not in the table.</summary>
    public CapabilityHandle? GetCapability()
    {
        if (!TryFollow(out var arena, out var target))
        {
            return null;
        }

        return target.Pointer.IsCapability
            ? arena.CapabilityAt(target.Pointer.CapabilityIndex)
            : throw new IpcFormatException(
                "Message contains non-capability pointer where capability pointer was expected.");
    }

    /// <summary>Overwrites the received message that the pointer is in; does nothing to one that is being built.</summary>
    internal void Wipe() => (_arena as ReaderArena)?.Wipe();

    private static ListReader GetComposite(Arena arena, Arena.Target target, ElementSize expected, int nesting)
    {
        var words = target.Pointer.Count;
        var position = target.Bounded(words + 1L);
        arena.Limit.Charge(words + 1L);
        var tag = target.Segment.PointerAt(position);
        if (tag.Tag != WirePointer.StructTag)
        {
            throw new IpcFormatException("Message contains an inline-composite list of non-struct type.");
        }

        var step = tag.StructWords;
        var count = tag.TagCount;
        if ((long)count * step > words || count > WirePointer.MaxCount)
        {
            throw new IpcFormatException("Message contains an inline-composite list whose elements overrun its size.");
        }

        if (step == 0)
        {
            arena.Limit.Charge(count);
        }

        var fits = expected switch
        {
            ElementSize.Void or ElementSize.Composite => true,
            ElementSize.Bit => false,
            ElementSize.Pointer => tag.PointerCount > 0,
            _ => tag.DataWords > 0,
        };
        if (!fits)
        {
            throw Unexpected(expected);
        }

        return new ListReader(
            arena, target.Segment, position + 8, (int)count, (long)step << 6, tag.DataWords << 6, tag.PointerCount,
            ElementSize.Composite, nesting);
    }

    private ReadOnlyMemory<byte> GetBytes(string what)
    {
        TryFollow(out var arena, out var target);
        var pointer = target.Pointer;
        if (pointer.Tag != WirePointer.ListTag || pointer.ElementSize != ElementSize.Byte)
        {
            throw new IpcFormatException($"Message contains a pointer to something else where {what} was expected.");
        }

        var words = (pointer.Count + 7L) >> 3;
        var position = target.Bounded(words);
        // Followed, so there is an arena.
        arena!.Limit.Charge(words);
        var bytes = target.Segment.Buffer.AsMemory(position, (int)pointer.Count);

        // A builder's memory goes back to the pool.
        return arena is BuilderArena ? bytes.ToArray() : bytes;
    }

    private bool TryFollow([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Arena? arena, out Arena.Target target)
    {
        arena = _arena;
        if (arena is null || _segment is null || _segment.PointerAt(_position).IsNull)
        {
            target = default;
            return false;
        }

        target = arena.Follow(_segment, _position);
        return true;
    }

    private int Deeper() => _nesting > 0
        ? _nesting - 1
        : throw new IpcFormatException("Message is too deeply-nested or contains cycles.");

    private static IpcFormatException Unexpected(ElementSize expected) =>
        new($"Message contains a list of another kind where a list of {expected} elements was expected.");
}
