namespace Dash.Ipc.Layout;

/// <summary>A list of structs being built, seen through a generated builder.</summary>
/// <typeparam name="T">The builder of one element.</typeparam>
public readonly struct StructListBuilder<T>(ListBuilder list)
    where T : struct, IStructBuilder<T>
{
    /// <summary>Number of elements.</summary>
    public int Count => list.Count;

    /// <summary>An element, to be filled in place.</summary>
    public T this[int index] => T.From(list.GetStruct(index));
}
