namespace Dash.Primitives.Keys.Bls;

/// <summary>What arithmetic on a curve asks of the field its points have their coordinates in.</summary>
internal interface IFieldElement<T>
    where T : struct, IFieldElement<T>
{
    /// <summary>The neutral element of multiplication.</summary>
    public static abstract T One { get; }

    /// <summary>Whether it is the neutral element of addition.</summary>
    public bool IsZero { get; }

    /// <summary>The sum.</summary>
    public static abstract T operator +(in T left, in T right);

    /// <summary>The difference.</summary>
    public static abstract T operator -(in T left, in T right);

    /// <summary>The product.</summary>
    public static abstract T operator *(in T left, in T right);

    /// <summary>The product with itself.</summary>
    public T Square();
}
