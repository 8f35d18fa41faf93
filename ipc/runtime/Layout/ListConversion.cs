namespace Dash.Ipc.Layout;

/// <summary>Lists of a message as lists of C# values, and back.</summary>
public static class ListConversion
{
    // A hostile count is charged by the traversal limit; still, room is made as elements are read.
    private const int FirstRoom = 256;

    /// <summary>Reads every element; a null pointer is the empty list.</summary>
    public static IReadOnlyList<T> ReadList<T>(
        this PointerReader pointer, ElementSize expected, Func<ListReader, int, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var list = pointer.GetList(expected);
        var values = new List<T>(Math.Min(list.Count, FirstRoom));
        for (var i = 0; i < list.Count; i++)
        {
            values.Add(read(list, i));
        }

        return values;
    }

    /// <summary>Points to a new list of numbers, bits or pointers, each written by <paramref name="write"/>.</summary>
    public static void WriteList<T>(
        this PointerBuilder pointer, ElementSize size, IReadOnlyCollection<T> values, Action<ListBuilder, int, T> write)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(write);
        var list = pointer.InitList(size, values.Count);
        var i = 0;
        foreach (var value in values)
        {
            write(list, i++, value);
        }
    }

    /// <summary>Points to a new list of structs, each written by <paramref name="write"/>.</summary>
    public static void WriteStructList<T>(
        this PointerBuilder pointer, IReadOnlyCollection<T> values, int dataWords, int pointers,
        Action<T, StructBuilder> write)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(write);
        var list = pointer.InitStructList(values.Count, dataWords, pointers);
        var i = 0;
        foreach (var value in values)
        {
            write(value, list.GetStruct(i++));
        }
    }
}
