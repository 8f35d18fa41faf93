namespace Dash.Ipc.Layout;

/// <summary>A list of structs, seen through a generated reader.</summary>
/// <typeparam name="T">The reader of one element.</typeparam>
public readonly struct StructListReader<T>(ListReader list)
    where T : struct, IStructReader<T>
{
    /// <summary>Number of elements; never allocate by it.</summary>
    public int Count => list.Count;

    /// <summary>An element.</summary>
    public T this[int index] => T.From(list.GetStruct(index));

    /// <summary>Walks the elements in order.</summary>
    public Enumerator GetEnumerator() => new(list);

    /// <summary>Walks the elements of a list in order.</summary>
    public struct Enumerator
    {
        private readonly ListReader _list;
        private int _index;

        internal Enumerator(ListReader list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The element at hand.</summary>
        public readonly T Current => T.From(_list.GetStruct(_index));

        /// <summary>Steps to the next element; false behind the last.</summary>
        public bool MoveNext() => ++_index < _list.Count;
    }
}
