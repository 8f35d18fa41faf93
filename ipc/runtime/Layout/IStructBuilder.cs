namespace Dash.Ipc.Layout;

/// <summary>A generated builder: a struct's fields by name, over a <see cref="StructBuilder"/>.</summary>
/// <typeparam name="TSelf">The builder itself.</typeparam>
public interface IStructBuilder<TSelf>
    where TSelf : struct, IStructBuilder<TSelf>
{
    /// <summary>Words of the data section that the schema asks for.</summary>
    public static abstract int DataWords { get; }

    /// <summary>Pointers that the schema asks for.</summary>
    public static abstract int PointerCount { get; }

    /// <summary>Builds that struct by this type's schema.</summary>
    public static abstract TSelf From(StructBuilder builder);
}
