using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// A public key of BLS12-381: a point of the first curve, which both schemes write as 48 bytes, each in its own way.
/// Equal when the points are. Immutable.
/// </summary>
public sealed class BlsPublicKey : IEquatable<BlsPublicKey>
{
    /// <summary>Bytes of a written key.</summary>
    public const int Size = BlsField.Size;

    private readonly byte[] _x;
    private readonly bool _isNegative;

    private BlsPublicKey(byte[] x, bool isNegative)
    {
        _x = x;
        _isNegative = isNegative;
    }

    /// <summary>
    /// Whether a point of the curve has this x. Whether it is in the right subgroup is for <see cref="IBlsVerifier"/>
    /// to say.
    /// </summary>
    public bool IsOnCurve => BlsField.IsOnFirstCurve(_x);

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
        if (!BlsField.IsElement(x) || (!x.AsSpan().ContainsAnyExcept((byte)0) && (scheme == BlsScheme.Basic || !isNegative)))
        {
            return false;
        }

        key = new BlsPublicKey(x, isNegative);
        return true;
    }

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
