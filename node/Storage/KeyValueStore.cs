using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dash.Primitives.Encoding;
using static Dash.Node.Storage.LevelDbLibrary;

namespace Dash.Node.Storage;

/// <summary>
/// A LevelDB directory with the options dashd opens it with, and with its obfuscation of values. Nobody else
/// calls the library. Reads and writes may come from any thread; <see cref="Dispose"/> only after the last of them.
/// </summary>
internal sealed class KeyValueStore : IDisposable
{
    // Core: dbwrapper.cpp, the key under which the XOR key is kept: a serialized string of 14 bytes.
    private static readonly byte[] ObfuscationName = [14, 0, .. "obfuscate_key"u8];
    private const int ObfuscationKeySize = 8;
    private const int BloomBitsPerKey = 10;

    private static int _isTidying; // 1 when the process has the thread

    private readonly nint _readOptions;
    private readonly nint _scanOptions;
    private readonly nint _writeOptions;
    private readonly nint _syncOptions;
    private readonly nint _options;
    private readonly nint _cache;
    private readonly nint _filter;
    private readonly byte[] _obfuscation = new byte[ObfuscationKeySize];
    private readonly bool _obfuscated;
    private nint _db;

    private KeyValueStore(string directory, int cacheBytes, bool obfuscate)
    {
        _readOptions = leveldb_readoptions_create();
        leveldb_readoptions_set_verify_checksums(_readOptions, 1);
        _scanOptions = leveldb_readoptions_create();
        leveldb_readoptions_set_verify_checksums(_scanOptions, 1);
        leveldb_readoptions_set_fill_cache(_scanOptions, 0);
        _writeOptions = leveldb_writeoptions_create();
        _syncOptions = leveldb_writeoptions_create();
        leveldb_writeoptions_set_sync(_syncOptions, 1);

        _cache = leveldb_cache_create_lru((nuint)(cacheBytes / 2));
        _filter = leveldb_filterpolicy_create_bloom(BloomBitsPerKey);
        _options = leveldb_options_create();
        leveldb_options_set_create_if_missing(_options, 1);
        leveldb_options_set_cache(_options, _cache);
        leveldb_options_set_write_buffer_size(_options, (nuint)(cacheBytes / 4));
        leveldb_options_set_filter_policy(_options, _filter);
        leveldb_options_set_compression(_options, 0);
        leveldb_options_set_paranoid_checks(_options, 1);

        _db = leveldb_open(_options, directory, out var error);
        if (error != 0)
        {
            var message = TakeMessage(error);
            FreeOptions();
            throw new StorageException("Fatal LevelDB error: " + message) { IsDatabase = true };
        }

        var stored = Get(ObfuscationName);
        if (stored is null && obfuscate && IsEmpty)
        {
            var key = RandomNumberGenerator.GetBytes(ObfuscationKeySize);
            var batch = new KeyValueBatch();
            batch.Put(ObfuscationName, [ObfuscationKeySize, .. key]);
            Write(batch, sync: true);
            key.CopyTo(_obfuscation, 0);
        }
        else if (stored is not null)
        {
            new SpanReader(stored).ReadVarBytes().CopyTo(_obfuscation);
        }

        _obfuscated = _obfuscation.AsSpan().ContainsAnyExcept((byte)0);
    }

    /// <summary>Whether nothing at all is stored.</summary>
    public bool IsEmpty
    {
        get
        {
            using var cursor = OpenCursor();
            cursor.Seek([]);
            return !cursor.IsValid;
        }
    }

    /// <summary>
    /// Makes LevelDB start the one thread that it tidies up on in this process, once: by itself it does so when a write of anybody's first
    /// needs it, and the thread has the priority of who starts it for ever.
    /// </summary>
    public void StartTidying()
    {
        ObjectDisposedException.ThrowIf(_db == 0, this);
        if (Interlocked.Exchange(ref _isTidying, 1) == 0)
        {
            var none = byte.MaxValue; // no key begins with it, so nothing is there to tidy up but what was written last
            leveldb_compact_range(_db, ref none, 1, ref none, 1);
        }
    }

    /// <summary>Opens the database in <paramref name="directory"/>, which is created when missing.</summary>
    /// <param name="directory">Where it lies.</param>
    /// <param name="cacheBytes">Memory for cached blocks (half of it) and the write buffer (a quarter).</param>
    /// <param name="obfuscate">Give a new database a random key to XOR its values with, as the chainstate has.</param>
    /// <exception cref="StorageException">It is broken, or another process has it open.</exception>
    public static KeyValueStore Open(string directory, int cacheBytes, bool obfuscate = false)
    {
        Directory.CreateDirectory(directory);
        return new KeyValueStore(directory, cacheBytes, obfuscate);
    }

    /// <summary>Deletes the database in <paramref name="directory"/>, if there is one; other files there stay.</summary>
    /// <exception cref="StorageException">It is open, or the disk refuses.</exception>
    public static void Destroy(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        var options = leveldb_options_create();
        try
        {
            leveldb_destroy_db(options, directory, out var error);
            ThrowOnError(error);
        }
        finally
        {
            leveldb_options_destroy(options);
        }
    }

    /// <summary>The value of a key, or null.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        ObjectDisposedException.ThrowIf(_db == 0, this);
        var value = leveldb_get(
            _db, _readOptions, ref MemoryMarshal.GetReference(key), (nuint)key.Length, out var length, out var error);
        ThrowOnError(error);
        if (value == 0)
        {
            return null;
        }

        var copy = new byte[(int)length];
        Marshal.Copy(value, copy, 0, copy.Length);
        leveldb_free(value);
        Obfuscate(copy);
        return copy;
    }

    /// <summary>Whether the key is there.</summary>
    public bool Contains(ReadOnlySpan<byte> key) => Get(key) is not null;

    /// <summary>Applies a batch, all of it or nothing.</summary>
    /// <param name="batch">What to change.</param>
    /// <param name="sync">Return only when it would survive a power cut; without, it survives a killed process.</param>
    public void Write(KeyValueBatch batch, bool sync)
    {
        ObjectDisposedException.ThrowIf(_db == 0, this);
        var native = leveldb_writebatch_create();
        try
        {
            var walker = batch.GetWalker();
            while (walker.MoveNext())
            {
                ref var key = ref MemoryMarshal.GetReference(walker.Key);
                if (walker.IsPut)
                {
                    PutObfuscated(native, ref key, walker.Key.Length, walker.Value);
                }
                else
                {
                    leveldb_writebatch_delete(native, ref key, (nuint)walker.Key.Length);
                }
            }

            leveldb_write(_db, sync ? _syncOptions : _writeOptions, native, out var error);
            ThrowOnError(error);
        }
        finally
        {
            leveldb_writebatch_destroy(native);
        }
    }

    /// <summary>A cursor over the keys in order, as they are now; later writes do not show. Dispose it.</summary>
    public Cursor OpenCursor()
    {
        ObjectDisposedException.ThrowIf(_db == 0, this);
        return new Cursor(this);
    }

    /// <summary>
    /// Bytes on disk of the keys from <paramref name="start"/> up to <paramref name="limit"/>, estimated.
    /// </summary>
    public long EstimateSize(byte start, byte limit)
    {
        ObjectDisposedException.ThrowIf(_db == 0, this);
        var startHandle = GCHandle.Alloc(new[] { start }, GCHandleType.Pinned);
        var limitHandle = GCHandle.Alloc(new[] { limit }, GCHandleType.Pinned);
        try
        {
            leveldb_approximate_sizes(
                _db, 1, [startHandle.AddrOfPinnedObject()], [1], [limitHandle.AddrOfPinnedObject()], [1], out var size);
            return (long)size;
        }
        finally
        {
            startHandle.Free();
            limitHandle.Free();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_db == 0)
        {
            return;
        }

        leveldb_close(_db);
        _db = 0;
        FreeOptions();
    }

    private static void ThrowOnError(nint error)
    {
        if (error != 0)
        {
            throw new StorageException("Fatal LevelDB error: " + TakeMessage(error)) { IsDatabase = true };
        }
    }

    private static string TakeMessage(nint error)
    {
        var message = Marshal.PtrToStringUTF8(error) ?? "";
        leveldb_free(error);
        return message;
    }

    private void PutObfuscated(nint batch, ref byte key, int keyLength, ReadOnlySpan<byte> value)
    {
        if (!_obfuscated)
        {
            leveldb_writebatch_put(
                batch, ref key, (nuint)keyLength, ref MemoryMarshal.GetReference(value), (nuint)value.Length);
            return;
        }

        var copy = ArrayPool<byte>.Shared.Rent(value.Length);
        try
        {
            value.CopyTo(copy);
            Obfuscate(copy.AsSpan(0, value.Length));
            leveldb_writebatch_put(
                batch, ref key, (nuint)keyLength, ref MemoryMarshal.GetArrayDataReference(copy), (nuint)value.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private void Obfuscate(Span<byte> value)
    {
        if (!_obfuscated)
        {
            return;
        }

        var word = BitConverter.ToUInt64(_obfuscation);
        var words = MemoryMarshal.Cast<byte, ulong>(value);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] ^= word;
        }

        for (var i = words.Length * sizeof(ulong); i < value.Length; i++)
        {
            value[i] ^= _obfuscation[i % ObfuscationKeySize];
        }
    }

    private void FreeOptions()
    {
        leveldb_options_destroy(_options);
        leveldb_filterpolicy_destroy(_filter);
        leveldb_cache_destroy(_cache);
        leveldb_readoptions_destroy(_readOptions);
        leveldb_readoptions_destroy(_scanOptions);
        leveldb_writeoptions_destroy(_writeOptions);
        leveldb_writeoptions_destroy(_syncOptions);
    }

    /// <summary>Walks keys in byte order over one unchanging view of the store. Belongs to one thread.</summary>
    internal sealed class Cursor : IDisposable
    {
        private readonly KeyValueStore _store;
        private nint _iterator;

        internal Cursor(KeyValueStore store)
        {
            _store = store;
            _iterator = leveldb_create_iterator(store._db, store._scanOptions);
        }

        /// <summary>Whether the cursor stands on an entry.</summary>
        public bool IsValid
        {
            get
            {
                if (leveldb_iter_valid(_iterator) != 0)
                {
                    return true;
                }

                leveldb_iter_get_error(_iterator, out var error);
                ThrowOnError(error);
                return false;
            }
        }

        /// <summary>The key under the cursor, a copy.</summary>
        public byte[] Key => Copy(leveldb_iter_key(_iterator, out var length), length);

        /// <summary>The value under the cursor, a copy.</summary>
        public byte[] Value
        {
            get
            {
                var value = Copy(leveldb_iter_value(_iterator, out var length), length);
                _store.Obfuscate(value);
                return value;
            }
        }

        /// <summary>Goes to the first key that is not before <paramref name="key"/>.</summary>
        public void Seek(ReadOnlySpan<byte> key)
        {
            if (key.IsEmpty)
            {
                leveldb_iter_seek_to_first(_iterator);
                return;
            }

            leveldb_iter_seek(_iterator, ref MemoryMarshal.GetReference(key), (nuint)key.Length);
        }

        /// <summary>Goes to the next key.</summary>
        public void Next() => leveldb_iter_next(_iterator);

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_iterator != 0)
            {
                leveldb_iter_destroy(_iterator);
                _iterator = 0;
            }
        }

        private static byte[] Copy(nint bytes, nuint length)
        {
            var copy = new byte[(int)length];
            Marshal.Copy(bytes, copy, 0, copy.Length);
            return copy;
        }
    }
}
