namespace Dash.Ipc.Layout;

/// <summary>A generated reader: a struct's fields by name, over a <see cref="StructReader"/>.</summary>
/// <typeparam name="TSelf">The reader itself.</typeparam>
public interface IStructReader<TSelf>
    where TSelf : struct, IStructReader<TSelf>
{
    /// <summary>Reads that struct by this type's schema.</summary>
    public static abstract TSelf From(StructReader reader);
}
