using System.Runtime.InteropServices;

namespace Dash.Node.Storage;

/// <summary>The calls of LevelDB's C interface that a store needs, under the library's own names.</summary>
internal static partial class LevelDbLibrary
{
#pragma warning disable SA1300, IDE1006, CA1708 // The library's own names.
    private const string Library = "libleveldb.so.1d";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint leveldb_open(nint options, string name, out nint error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void leveldb_destroy_db(nint options, string name, out nint error);

    [LibraryImport(Library)]
    public static partial void leveldb_close(nint db);

    [LibraryImport(Library)]
    public static partial nint leveldb_get(
        nint db, nint options, ref byte key, nuint keyLength, out nuint valueLength, out nint error);

    [LibraryImport(Library)]
    public static partial void leveldb_write(nint db, nint options, nint batch, out nint error);

    [LibraryImport(Library)]
    public static partial void leveldb_free(nint pointer);

    [LibraryImport(Library)]
    public static partial void leveldb_compact_range(nint db, ref byte first, nuint firstLength, ref byte last, nuint lastLength);

    [LibraryImport(Library)]
    public static partial void leveldb_approximate_sizes(
        nint db,
        int ranges,
        [In] nint[] startKeys,
        [In] nuint[] startLengths,
        [In] nint[] limitKeys,
        [In] nuint[] limitLengths,
        out ulong sizes);

    [LibraryImport(Library)]
    public static partial nint leveldb_create_iterator(nint db, nint options);

    [LibraryImport(Library)]
    public static partial void leveldb_iter_destroy(nint iterator);

    [LibraryImport(Library)]
    public static partial byte leveldb_iter_valid(nint iterator);

    [LibraryImport(Library)]
    public static partial void leveldb_iter_seek_to_first(nint iterator);

    [LibraryImport(Library)]
    public static partial void leveldb_iter_seek(nint iterator, ref byte key, nuint length);

    [LibraryImport(Library)]
    public static partial void leveldb_iter_next(nint iterator);

    [LibraryImport(Library)]
    public static partial nint leveldb_iter_key(nint iterator, out nuint length);

    [LibraryImport(Library)]
    public static partial nint leveldb_iter_value(nint iterator, out nuint length);

    [LibraryImport(Library)]
    public static partial void leveldb_iter_get_error(nint iterator, out nint error);

    [LibraryImport(Library)]
    public static partial nint leveldb_writebatch_create();

    [LibraryImport(Library)]
    public static partial void leveldb_writebatch_destroy(nint batch);

    [LibraryImport(Library)]
    public static partial void leveldb_writebatch_put(
        nint batch, ref byte key, nuint keyLength, ref byte value, nuint valueLength);

    [LibraryImport(Library)]
    public static partial void leveldb_writebatch_delete(nint batch, ref byte key, nuint keyLength);

    [LibraryImport(Library)]
    public static partial nint leveldb_options_create();

    [LibraryImport(Library)]
    public static partial void leveldb_options_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void leveldb_options_set_create_if_missing(nint options, byte value);

    [LibraryImport(Library)]
    public static partial void leveldb_options_set_cache(nint options, nint cache);

    [LibraryImport(Library)]
    public static partial void leveldb_options_set_write_buffer_size(nint options, nuint size);

    [LibraryImport(Library)]
    public static partial void leveldb_options_set_filter_policy(nint options, nint policy);

    [LibraryImport(Library)]
    public static partial void leveldb_options_set_compression(nint options, int kind);

    [LibraryImport(Library)]
    public static partial void leveldb_options_set_paranoid_checks(nint options, byte value);

    [LibraryImport(Library)]
    public static partial nint leveldb_cache_create_lru(nuint capacity);

    [LibraryImport(Library)]
    public static partial void leveldb_cache_destroy(nint cache);

    [LibraryImport(Library)]
    public static partial nint leveldb_filterpolicy_create_bloom(int bitsPerKey);

    [LibraryImport(Library)]
    public static partial void leveldb_filterpolicy_destroy(nint policy);

    [LibraryImport(Library)]
    public static partial nint leveldb_readoptions_create();

    [LibraryImport(Library)]
    public static partial void leveldb_readoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void leveldb_readoptions_set_verify_checksums(nint options, byte value);

    [LibraryImport(Library)]
    public static partial void leveldb_readoptions_set_fill_cache(nint options, byte value);

    [LibraryImport(Library)]
    public static partial nint leveldb_writeoptions_create();

    [LibraryImport(Library)]
    public static partial void leveldb_writeoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void leveldb_writeoptions_set_sync(nint options, byte value);
#pragma warning restore SA1300, IDE1006, CA1708
}
