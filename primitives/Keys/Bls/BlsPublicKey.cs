using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// A public key of BLS12-381: a point of the first curve, which both schemes write as 48 bytes, each in its own way.
/// Equal when the points are. Immutable.
/// </summary>
public sealed class BlsPublicKey : IEquatable<BlsPublicKey>
{
    /// <summary>Bytes of a written key.</summary>
    public const int Size = Fp.Size;

    private readonly byte[] _x;
    private readonly bool _isNegative;

    private BlsPublicKey(byte[] x, bool isNegative)
    {
        _x = x;
        _isNegative = isNegative;
    }

    /// <summary>Whether a point of the curve has this x.</summary>
    public bool IsOnCurve => BlsCurves.IsOnFirst(_x);

    /// <summary>
    /// Reads 48 bytes of a scheme; false if they are not the one form a point has in it. The 48 zeros of an absent key
    /// and the point at infinity are no keys.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, BlsScheme scheme, [NotNullWhen(true)] out BlsPublicKey? key)
    {
        key = null;
        if (bytes.Length != Size || !BlsPointFlags.TryRead(bytes[0], scheme, out var isNegative))
        {
            return false;
        }

        var x = bytes.ToArray();
        x[0] &= BlsPointFlags.NumberMask;
        if (!Fp.TryRead(x, out _) || (!x.AsSpan().ContainsAnyExcept((byte)0) && (scheme == BlsScheme.Basic || !isNegative)))
        {
            return false;
        }

        key = new BlsPublicKey(x, isNegative);
        return true;
    }

    /// <summary>
    /// Whether Dash Core takes the key for one in a scheme: with the basic one it must be in the group of prime order,
    /// with the legacy one every number below the prime will do.
    /// </summary>
    public bool IsValid(BlsScheme scheme) => scheme == BlsScheme.Legacy || BlsCurves.IsInFirstGroup(_x);

    /// <summary>The key's 48 bytes in a scheme.</summary>
    public byte[] ToBytes(BlsScheme scheme)
    {
        byte[] bytes = [.. _x];
        bytes[0] |= BlsPointFlags.Of(scheme, _isNegative);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] BlsPublicKey? other) =>
        other is not null && _isNegative == other._isNegative && _x.AsSpan().SequenceEqual(other._x);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as BlsPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_x, Size - sizeof(int));

    /// <summary>Hex of the basic form.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToBytes(BlsScheme.Basic));
}
