using Dash.Primitives.Keys;

namespace Dash.Primitives.Scripts;

/// <summary>The form of signatures (DER and a hash type byte) and public keys in scripts.</summary>
public static class SignatureEncoding
{
    /// <summary>
    /// Whether a signature has the form the flags ask for; an empty one always does, and never checks.
    /// </summary>
    public static ScriptError Check(ReadOnlySpan<byte> signature, ScriptFlags flags)
    {
        const ScriptFlags Strict = ScriptFlags.DerSignatures | ScriptFlags.LowS | ScriptFlags.StrictEncoding;
        if (signature.IsEmpty || (flags & Strict) == 0)
        {
            return ScriptError.Ok;
        }

        if (!IsStrictDer(signature))
        {
            return ScriptError.SigDer;
        }

        if ((flags & ScriptFlags.LowS) != 0 && !PublicKey.IsLowS(signature[..^1]))
        {
            return ScriptError.SigHighS;
        }

        return (flags & ScriptFlags.StrictEncoding) != 0 && !HasDefinedHashType(signature)
            ? ScriptError.SigHashtype
            : ScriptError.Ok;
    }

    /// <summary>Whether a public key has the form the flags ask for.</summary>
    public static ScriptError CheckPublicKey(ReadOnlySpan<byte> publicKey, ScriptFlags flags)
    {
        if ((flags & ScriptFlags.StrictEncoding) == 0)
        {
            return ScriptError.Ok;
        }

        var isKnown = publicKey.Length switch
        {
            33 => publicKey[0] is 2 or 3,
            65 => publicKey[0] == 4,
            _ => false,
        };
        return isKnown ? ScriptError.Ok : ScriptError.PubkeyType;
    }

    /// <summary>
    /// BIP66: 0x30, length, 0x02, length of R, R, 0x02, length of S, S, hash type; both numbers positive and without
    /// superfluous zeros in front.
    /// </summary>
    public static bool IsStrictDer(ReadOnlySpan<byte> signature)
    {
        if (signature.Length is < 9 or > 73 || signature[0] != 0x30 || signature[1] != signature.Length - 3)
        {
            return false;
        }

        int lengthOfR = signature[3];
        if (5 + lengthOfR >= signature.Length)
        {
            return false;
        }

        int lengthOfS = signature[5 + lengthOfR];
        return lengthOfR + lengthOfS + 7 == signature.Length
            && signature[2] == 0x02
            && IsPositiveInteger(signature.Slice(4, lengthOfR))
            && signature[4 + lengthOfR] == 0x02
            && IsPositiveInteger(signature.Slice(6 + lengthOfR, lengthOfS));
    }

    private static bool IsPositiveInteger(ReadOnlySpan<byte> number) =>
        !number.IsEmpty
        && (number[0] & 0x80) == 0
        && (number.Length == 1 || number[0] != 0 || (number[1] & 0x80) != 0);

    private static bool HasDefinedHashType(ReadOnlySpan<byte> signature) =>
        ((SigHashType)signature[^1] & ~SigHashType.AnyoneCanPay) is >= SigHashType.All and <= SigHashType.Single;
}
