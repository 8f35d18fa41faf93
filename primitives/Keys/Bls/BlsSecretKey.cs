using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// A secret key of BLS12-381: a number below the group's order, 32 bytes big-endian, the same in both schemes. Kept
/// like any secret and zeroed by <see cref="Dispose"/>.
/// </summary>
public sealed class BlsSecretKey : IDisposable
{
    /// <summary>Bytes of the secret.</summary>
    public const int Size = 32;

    // The number of points in the group keys and signatures are of.
    private static readonly BigInteger Order = new(
        Convert.FromHexString("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"), isUnsigned: true, isBigEndian: true);

    private readonly SecretBytes _secret;

    private BlsSecretKey(ReadOnlySpan<byte> secret)
    {
        _secret = new SecretBytes(secret);
    }

    /// <summary>Takes 32 bytes; false if they are zero or not below the group's order, or not 32.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> secret, [NotNullWhen(true)] out BlsSecretKey? key)
    {
        key = secret.Length == Size && IsScalar(secret) ? new BlsSecretKey(secret) : null;
        return key is not null;
    }

    /// <summary>Writes the 32 bytes of the secret.</summary>
    public void CopyTo(Span<byte> destination) => _secret.CopyTo(destination);

    /// <summary>Three asterisks, so that no log ever shows a key.</summary>
    public override string ToString() => "***";

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => _secret.Dispose();

    private static bool IsScalar(ReadOnlySpan<byte> bytes) =>
        new BigInteger(bytes, isUnsigned: true, isBigEndian: true) is { IsZero: false } number && number < Order;
}
