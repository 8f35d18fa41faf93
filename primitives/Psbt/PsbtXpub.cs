using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Psbt;

/// <summary>An extended public key in a PSBT: its 78 bytes, version first, and where it comes from.</summary>
/// <param name="Serialized">Version, depth, fingerprint, index, chain code, key.</param>
/// <param name="Origin">The way from the master key.</param>
public sealed record PsbtXpub(ReadOnlyMemory<byte> Serialized, KeyOrigin Origin) : IComparable<PsbtXpub>
{
    /// <summary>Bytes of a serialized key with its version.</summary>
    public const int Size = VersionSize + ExtendedPublicKey.Size;

    private const int VersionSize = 4;
    private const int ChainCodeStart = VersionSize + 9;
    private const int KeyStart = ChainCodeStart + 32;

    /// <summary>What tells two keys apart: the public key, then the chain code.</summary>
    internal byte[] Identity => [.. Serialized.Span[KeyStart..], .. Serialized.Span[ChainCodeStart..KeyStart]];

    /// <summary>Whether the bytes without version are an extended public key.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> serialized) =>
        serialized.Length == Size && ExtendedPublicKey.TryRead(serialized[VersionSize..], out _);

    /// <summary>By origin (fingerprint, length of the path, path), then by identity.</summary>
    public int CompareTo(PsbtXpub? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Origin.Fingerprint.CompareTo(other.Origin.Fingerprint);
        order = order != 0 ? order : Origin.Path.Length.CompareTo(other.Origin.Path.Length);
        order = order != 0 ? order : Origin.Path.AsSpan().SequenceCompareTo(other.Origin.Path.AsSpan());
        return order != 0 ? order : Identity.AsSpan().SequenceCompareTo(other.Identity);
    }

    /// <inheritdoc/>
    public bool Equals(PsbtXpub? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => Origin.GetHashCode();

    /// <summary>Smaller by <see cref="CompareTo"/>.</summary>
    public static bool operator <(PsbtXpub left, PsbtXpub right) => Comparer<PsbtXpub>.Default.Compare(left, right) < 0;

    /// <summary>Greater by <see cref="CompareTo"/>.</summary>
    public static bool operator >(PsbtXpub left, PsbtXpub right) => Comparer<PsbtXpub>.Default.Compare(left, right) > 0;

    /// <summary>Not greater by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(PsbtXpub left, PsbtXpub right) => !(left > right);

    /// <summary>Not smaller by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(PsbtXpub left, PsbtXpub right) => !(left < right);
}
