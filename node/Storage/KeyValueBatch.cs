using System.Buffers.Binary;
using Dash.Primitives.Encoding;

namespace Dash.Node.Storage;

/// <summary>
/// Puts and deletes that <see cref="KeyValueStore.Write"/> applies all or none. Knows nothing of the library: the
/// operations lie in one buffer, in order, and are walked once.
/// </summary>
internal sealed class KeyValueBatch
{
    private const byte PutMark = 1;
    private const byte DeleteMark = 0;

    // Each operation: mark, int32 key length, key, and for a put int32 value length, value.
    private readonly ByteWriter _operations = new();

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of keys and values so far, about what the write will take.</summary>
    public int Size => _operations.Length;

    /// <summary>Sets a key.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _operations.WriteByte(PutMark);
        _operations.WriteInt32(key.Length);
        _operations.WriteBytes(key);
        _operations.WriteInt32(value.Length);
        _operations.WriteBytes(value);
        Count++;
    }

    /// <summary>Removes a key; removing one that isn't there is no error.</summary>
    public void Delete(ReadOnlySpan<byte> key)
    {
        _operations.WriteByte(DeleteMark);
        _operations.WriteInt32(key.Length);
        _operations.WriteBytes(key);
        Count++;
    }

    /// <summary>Forgets all operations.</summary>
    public void Clear()
    {
        _operations.Clear();
        Count = 0;
    }

    /// <summary>The operations in the order they were added.</summary>
    internal Walker GetWalker() => new(_operations.WrittenSpan);

    /// <summary>Walks the operations; <see cref="Key"/> and <see cref="Value"/> are slices of the batch.</summary>
    internal ref struct Walker
    {
        private ReadOnlySpan<byte> _rest;

        internal Walker(ReadOnlySpan<byte> operations)
        {
            _rest = operations;
        }

        /// <summary>Whether the current operation is a put.</summary>
        public bool IsPut { get; private set; }

        /// <summary>The key.</summary>
        public ReadOnlySpan<byte> Key { get; private set; }

        /// <summary>The value of a put.</summary>
        public ReadOnlySpan<byte> Value { get; private set; }

        /// <summary>Goes to the next operation.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            IsPut = _rest[0] == PutMark;
            _rest = _rest[1..];
            Key = Take();
            Value = IsPut ? Take() : default;
            return true;
        }

        private ReadOnlySpan<byte> Take()
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
            var slice = _rest.Slice(sizeof(int), length);
            _rest = _rest[(sizeof(int) + length)..];
            return slice;
        }
    }
}
