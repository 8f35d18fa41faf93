using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>
/// Makes signatures of the right form and length that sign nothing, and finds all signatures good: for knowing how big
/// a transaction will be, and whether a script can be satisfied.
/// </summary>
public sealed class PlaceholderSignatureMaker : ISignatureMaker
{
    /// <summary>With the length a signature of this project has at most: 71 bytes with the hash type.</summary>
    public static readonly PlaceholderSignatureMaker Usual = new(32);

    /// <summary>With the length any signature with a low s has at most: 72 bytes with the hash type.</summary>
    public static readonly PlaceholderSignatureMaker Longest = new(33);

    private const int SizeOfS = 32;
    private readonly byte[] _signature;

    private PlaceholderSignatureMaker(byte sizeOfR)
    {
        // SEQUENCE { INTEGER r, INTEGER s }, both beginning with 01, and SIGHASH_ALL.
        _signature =
        [
            0x30, (byte)(sizeOfR + SizeOfS + 4),
            0x02, sizeOfR, 0x01, .. new byte[sizeOfR - 1],
            0x02, SizeOfS, 0x01, .. new byte[SizeOfS - 1],
            (byte)SigHashType.All,
        ];
    }

    /// <inheritdoc/>
    public ISignatureChecker Checker { get; } = new Believer();

    /// <inheritdoc/>
    public bool TrySign(
        ISigningSource source, Hash160 keyId, Script scriptCode, [NotNullWhen(true)] out byte[]? signature)
    {
        signature = [.. _signature];
        return true;
    }

    private sealed class Believer : ISignatureChecker
    {
        public bool CheckSignature(
            ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> scriptCode) => true;

        public bool CheckLockTime(long lockTime) => false;

        public bool CheckSequence(long sequence) => false;
    }
}
