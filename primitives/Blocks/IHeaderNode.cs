namespace Dash.Primitives.Blocks;

/// <summary>A header in its chain: what rules about headers ask of the ones before.</summary>
/// <typeparam name="TSelf">The type that implements it.</typeparam>
public interface IHeaderNode<out TSelf>
    where TSelf : class, IHeaderNode<TSelf>
{
    /// <summary>The header.</summary>
    public BlockHeader Header { get; }

    /// <summary>Blocks below it.</summary>
    public int Height { get; }

    /// <summary>The parent; null for the first.</summary>
    public TSelf? Previous { get; }

    /// <summary>Median time of this block and the ten before it, Unix seconds.</summary>
    public long MedianTimePast { get; }

    /// <summary>The ancestor (or the block itself) at a height; null above it and below zero.</summary>
    public TSelf? Ancestor(int height);
}
