using System.Buffers.Binary;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Messages;

/// <summary>
/// The one encoding that all messages of the same meaning share, whoever wrote them: what hashes, signatures and
/// comparisons are made of. One segment without a table: the root pointer, then each object where a walk by the pointers
/// first meets it, nothing between; trailing zero words and null pointers of a struct are left out.
/// </summary>
public static class CanonicalForm
{
    /// <summary>Encodes what a message's root leads to.</summary>
    /// <exception cref="IpcFormatException">It holds a capability, which has no meaning outside its connection; or it is ill-formed.</exception>
    public static byte[] Encode(PointerReader root)
    {
        var output = new Output();
        output.Take(1);
        Write(output, 0, root);
        return output.ToArray();
    }

    private static void Write(Output output, int place, PointerReader source)
    {
        switch (source.Kind)
        {
            case PointerKind.Struct:
                WriteStruct(output, place, source.GetStruct());
                break;
            case PointerKind.List:
                WriteList(output, place, source.GetList(ElementSize.Void));
                break;
            case PointerKind.Capability:
                throw new IpcFormatException("A message with capabilities has no canonical form.");
            case PointerKind.Null:
            default:
                break; // a null pointer is zero, as all words are that were taken
        }
    }

    private static void WriteStruct(Output output, int place, StructReader source)
    {
        var (data, pointers) = SizeOf(source);
        if (data + pointers == 0)
        {
            output.Set(place, WirePointer.ForStruct(-1, 0, 0));
            return;
        }

        var start = output.Take(data + pointers);
        output.Set(place, WirePointer.ForStruct(start - place - 1, data, pointers));
        WriteData(output, start, data, source);
        WriteTargets(output, start + data, pointers, source);
    }

    private static void WriteList(Output output, int place, ListReader source)
    {
        switch (source.ElementSize)
        {
            case ElementSize.Composite:
                WriteStructs(output, place, source);
                break;
            case ElementSize.Pointer:
                var pointers = output.Take(source.Count);
                output.Set(place, WirePointer.ForList(pointers - place - 1, ElementSize.Pointer, source.Count));
                for (var i = 0; i < source.Count; i++)
                {
                    Write(output, pointers + i, source.GetPointer(i));
                }

                break;
            default:
                var bits = (long)source.Count * WirePointer.BitsOf(source.ElementSize);
                var start = output.Take((int)((bits + 63) >> 6));
                output.Set(place, WirePointer.ForList(start - place - 1, source.ElementSize, source.Count));
                var bytes = output.Bytes(start, source.RawBytes.Length);
                source.RawBytes.CopyTo(bytes);
                if ((bits & 7) != 0)
                {
                    bytes[^1] &= (byte)((1 << (int)(bits & 7)) - 1); // bits behind the last element mean nothing
                }

                break;
        }
    }

    // All elements are as large as the largest needs.
    private static void WriteStructs(Output output, int place, ListReader source)
    {
        var (data, pointers) = (0, 0);
        var isEmpty = source.ElementDataWords + source.ElementPointers == 0;
        for (var i = 0; i < source.Count && !isEmpty; i++)
        {
            var (elementData, elementPointers) = SizeOf(source.GetStruct(i));
            (data, pointers) = (Math.Max(data, elementData), Math.Max(pointers, elementPointers));
        }

        var step = data + pointers;
        var words = source.Count * step;
        var tag = output.Take(words + 1);
        output.Set(place, WirePointer.ForList(tag - place - 1, ElementSize.Composite, words));
        output.Set(tag, WirePointer.ForStruct(source.Count, data, pointers));
        if (step == 0)
        {
            return;
        }

        for (var i = 0; i < source.Count; i++)
        {
            WriteData(output, tag + 1 + (i * step), data, source.GetStruct(i));
        }

        for (var i = 0; i < source.Count; i++)
        {
            WriteTargets(output, tag + 1 + (i * step) + data, pointers, source.GetStruct(i));
        }
    }

    private static void WriteData(Output output, int start, int data, StructReader source)
    {
        var bytes = source.Data;
        bytes[..Math.Min(bytes.Length, data << 3)].CopyTo(output.Bytes(start, data << 3));
    }

    private static void WriteTargets(Output output, int start, int pointers, StructReader source)
    {
        for (var i = 0; i < pointers; i++)
        {
            Write(output, start + i, source.GetPointer(i));
        }
    }

    private static (int Data, int Pointers) SizeOf(StructReader source)
    {
        var used = source.Data.TrimEnd((byte)0).Length;
        var pointers = source.PointerCount;
        while (pointers > 0 && source.GetPointer(pointers - 1).IsNull)
        {
            pointers--;
        }

        return ((used + 7) >> 3, pointers);
    }

    // Words that grow at the end; what is taken is zero.
    private sealed class Output
    {
        private byte[] _buffer = new byte[512];
        private int _words;

        internal int Take(int words)
        {
            var start = _words;
            var needed = start + (long)words;
            if (needed > BuilderArena.MaxWords)
            {
                throw new IpcFormatException("The canonical form is larger than a message may be.");
            }

            if (needed << 3 > _buffer.Length)
            {
                Array.Resize(ref _buffer, (int)Math.Max(needed << 3, Math.Min(2L * _buffer.Length, (long)BuilderArena.MaxWords << 3)));
            }

            _words = (int)needed;
            return start;
        }

        internal Span<byte> Bytes(int word, int count) => _buffer.AsSpan(word << 3, count);

        internal void Set(int word, WirePointer pointer) =>
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(word << 3), pointer.Value);

        internal byte[] ToArray() => _buffer.AsSpan(0, _words << 3).ToArray();
    }
}
