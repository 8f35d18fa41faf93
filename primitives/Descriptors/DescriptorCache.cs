using System.Collections.Immutable;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>
/// Extended public keys that let a descriptor with hardened steps be expanded without its private keys; what a wallet
/// file keeps beside the descriptor. Keys are told apart by the place of the key expression in the descriptor, from 0.
/// Immutable.
/// </summary>
public sealed record DescriptorCache
{
    /// <summary>Nothing known.</summary>
    public static readonly DescriptorCache Empty = new();

    /// <summary>Per key expression, the key whose children the descriptor stands for.</summary>
    public ImmutableSortedDictionary<uint, ExtendedPublicKey> Parents { get; init; } =
        ImmutableSortedDictionary<uint, ExtendedPublicKey>.Empty;

    /// <summary>Per key expression and place, the key itself where the last step is hardened.</summary>
    public ImmutableSortedDictionary<(uint Expression, uint Index), ExtendedPublicKey> Derived { get; init; } =
        ImmutableSortedDictionary<(uint Expression, uint Index), ExtendedPublicKey>.Empty;

    /// <summary>Per key expression, the key after the last hardened step.</summary>
    public ImmutableSortedDictionary<uint, ExtendedPublicKey> LastHardened { get; init; } =
        ImmutableSortedDictionary<uint, ExtendedPublicKey>.Empty;

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => Parents.IsEmpty && Derived.IsEmpty && LastHardened.IsEmpty;

    /// <summary>With one more parent.</summary>
    public DescriptorCache WithParent(uint expression, ExtendedPublicKey key) =>
        this with { Parents = Parents.SetItem(expression, key) };

    /// <summary>With one more derived key.</summary>
    public DescriptorCache WithDerived(uint expression, uint index, ExtendedPublicKey key) =>
        this with { Derived = Derived.SetItem((expression, index), key) };

    /// <summary>With one more key after the last hardened step.</summary>
    public DescriptorCache WithLastHardened(uint expression, ExtendedPublicKey key) =>
        this with { LastHardened = LastHardened.SetItem(expression, key) };

    /// <summary>Both together; <paramref name="news"/> is what the other had and this had not.</summary>
    /// <exception cref="InvalidOperationException">They differ about a key.</exception>
    public DescriptorCache Merge(DescriptorCache other, out DescriptorCache news)
    {
        ArgumentNullException.ThrowIfNull(other);
        news = new DescriptorCache
        {
            Parents = NewOf(Parents, other.Parents, "parent"),
            Derived = NewOf(Derived, other.Derived, "derived"),
            LastHardened = NewOf(LastHardened, other.LastHardened, "last hardened"),
        };
        return new DescriptorCache
        {
            Parents = Parents.AddRange(news.Parents),
            Derived = Derived.AddRange(news.Derived),
            LastHardened = LastHardened.AddRange(news.LastHardened),
        };
    }

    private static ImmutableSortedDictionary<TKey, ExtendedPublicKey> NewOf<TKey>(
        ImmutableSortedDictionary<TKey, ExtendedPublicKey> known,
        ImmutableSortedDictionary<TKey, ExtendedPublicKey> other,
        string what)
        where TKey : notnull
    {
        var result = ImmutableSortedDictionary.CreateBuilder<TKey, ExtendedPublicKey>();
        foreach (var (place, key) in other)
        {
            if (!known.TryGetValue(place, out var old))
            {
                result.Add(place, key);
            }
            else if (!old.Equals(key))
            {
                throw new InvalidOperationException(
                    $"New cached {what} xpub does not match already cached {what} xpub");
            }
        }

        return result.ToImmutable();
    }
}
