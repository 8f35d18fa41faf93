using Dash.Node.Storage;

namespace Dash.Node.Tests.Storage;

public class KeyValueStoreTests
{
    private const int CacheBytes = 1 << 20;

    [Fact]
    public void What_was_written_is_there_after_opening_again()
    {
        using var directory = new TempDirectory();
        using (var store = KeyValueStore.Open(directory.Path, CacheBytes))
        {
            Put(store, [1], [10, 11]);
            Put(store, [2], []);
        }

        using var again = KeyValueStore.Open(directory.Path, CacheBytes);
        Assert.Equal([10, 11], again.Get([1])!);
        Assert.Equal([], again.Get([2])!);
        Assert.Null(again.Get([3]));
    }

    [Fact]
    public void Starting_to_tidy_up_changes_nothing_however_often()
    {
        using var directory = new TempDirectory();
        using var store = KeyValueStore.Open(directory.Path, CacheBytes);
        Put(store, [1], [10]);
        store.StartTidying();
        Put(store, [2], [20]);
        store.StartTidying();
        Assert.Equal([10], store.Get([1])!);
        Assert.Equal([20], store.Get([2])!);
    }

    [Fact]
    public void A_batch_is_applied_in_its_order()
    {
        using var directory = new TempDirectory();
        using var store = KeyValueStore.Open(directory.Path, CacheBytes);
        Put(store, [1], [1]);
        var batch = new KeyValueBatch();
        batch.Put([2], [2]);
        batch.Delete([1]);
        batch.Put([2], [3]);

        store.Write(batch, sync: false);

        Assert.Null(store.Get([1]));
        Assert.Equal([3], store.Get([2])!);
    }

    [Fact]
    public void A_cursor_walks_the_keys_in_order_as_they_were()
    {
        using var directory = new TempDirectory();
        using var store = KeyValueStore.Open(directory.Path, CacheBytes);
        Put(store, [3], [3]);
        Put(store, [1], [1]);
        Put(store, [2], [2]);

        using var cursor = store.OpenCursor();
        Put(store, [4], [4]);
        var seen = new List<byte>();
        for (cursor.Seek([2]); cursor.IsValid; cursor.Next())
        {
            Assert.Equal(cursor.Key, cursor.Value);
            seen.Add(cursor.Key[0]);
        }

        Assert.Equal([2, 3], seen);
    }

    [Fact]
    public void Obfuscated_values_are_not_on_disk_as_they_are()
    {
        using var directory = new TempDirectory();
        var value = "a value that would be found on disk"u8.ToArray();
        using (var store = KeyValueStore.Open(directory.Path, CacheBytes, obfuscate: true))
        {
            Put(store, [1], value);
            Assert.Equal(value, store.Get([1]));
        }

        using var copy = directory.CopyAsIs();
        Assert.DoesNotContain(
            Directory.EnumerateFiles(copy.Path),
            file => File.ReadAllBytes(file).AsSpan().IndexOf(value) >= 0);
        using var again = KeyValueStore.Open(directory.Path, CacheBytes, obfuscate: true);
        Assert.Equal(value, again.Get([1])!);
    }

    [Fact]
    public void A_second_user_of_the_directory_is_refused_by_name()
    {
        using var directory = new TempDirectory();
        using var store = KeyValueStore.Open(directory.Path, CacheBytes);

        var refusal = Assert.Throws<StorageException>(() => KeyValueStore.Open(directory.Path, CacheBytes));

        Assert.StartsWith("Fatal LevelDB error: IO error: ", refusal.Message, StringComparison.Ordinal);
    }

    private static void Put(KeyValueStore store, byte[] key, byte[] value)
    {
        var batch = new KeyValueBatch();
        batch.Put(key, value);
        store.Write(batch, sync: false);
    }
}
