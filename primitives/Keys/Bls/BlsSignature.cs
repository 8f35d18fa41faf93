using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// A signature of BLS12-381: a point of the second curve, which both schemes write as 96 bytes, each in its own way.
/// Equal when the points are. Immutable.
/// </summary>
public sealed class BlsSignature : IEquatable<BlsSignature>
{
    /// <summary>Bytes of a written signature.</summary>
    public const int Size = 2 * Fp.Size;

    // x = c0 + c1 u, c0 first, as the legacy scheme has it.
    private readonly byte[] _x;
    private readonly bool _isNegative;

    private BlsSignature(byte[] x, bool isNegative)
    {
        _x = x;
        _isNegative = isNegative;
    }

    /// <summary>Whether a point of the curve has this x.</summary>
    public bool IsOnCurve => BlsCurves.IsOnSecond(_x.AsSpan(0, Fp.Size), _x.AsSpan(Fp.Size));

    /// <summary>
    /// Reads 96 bytes of a scheme; false if they are not the one form a point has in it. The 96 zeros of an absent
    /// signature and the point at infinity are no signatures.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, BlsScheme scheme, [NotNullWhen(true)] out BlsSignature? signature)
    {
        signature = null;
        if (bytes.Length != Size || !BlsPointFlags.TryRead(bytes[0], scheme, out var isNegative))
        {
            return false;
        }

        var x = bytes.ToArray();
        x[0] &= BlsPointFlags.NumberMask;
        if (scheme == BlsScheme.Basic)
        {
            Swap(x);
        }

        if (!Fp.TryRead(x.AsSpan(0, Fp.Size), out _)
            || !Fp.TryRead(x.AsSpan(Fp.Size), out _)
            || (!x.AsSpan().ContainsAnyExcept((byte)0) && (scheme == BlsScheme.Basic || !isNegative)))
        {
            return false;
        }

        signature = new BlsSignature(x, isNegative);
        return true;
    }

    /// <summary>
    /// Whether Dash Core takes the signature for one in a scheme: with the basic one it must be in the group of prime
    /// order; with the legacy one it must be on the curve only if it has the sign of y set, which it would not write
    /// again otherwise.
    /// </summary>
    public bool IsValid(BlsScheme scheme) =>
        scheme == BlsScheme.Legacy
            ? !_isNegative || IsOnCurve
            : BlsCurves.IsInSecondGroup(_x.AsSpan(0, Fp.Size), _x.AsSpan(Fp.Size));

    /// <summary>The signature's 96 bytes in a scheme.</summary>
    public byte[] ToBytes(BlsScheme scheme)
    {
        byte[] bytes = [.. _x];
        if (scheme == BlsScheme.Basic)
        {
            Swap(bytes);
        }

        bytes[0] |= BlsPointFlags.Of(scheme, _isNegative);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] BlsSignature? other) =>
        other is not null && _isNegative == other._isNegative && _x.AsSpan().SequenceEqual(other._x);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as BlsSignature);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_x, Size - sizeof(int));

    /// <summary>Hex of the basic form.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToBytes(BlsScheme.Basic));

    private static void Swap(Span<byte> x)
    {
        Span<byte> first = stackalloc byte[Fp.Size];
        x[..Fp.Size].CopyTo(first);
        x[Fp.Size..].CopyTo(x);
        first.CopyTo(x[Fp.Size..]);
    }
}
