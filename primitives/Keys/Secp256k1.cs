using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dash.Primitives.Keys;

/// <summary>
/// libsecp256k1, and the only file that touches it. One context for the process, blinded with fresh randomness
/// when first used; the library's functions on it may be called from any thread. Every function answers false
/// (or a zero) for values that are no key or no signature and never throws.
/// </summary>
internal static partial class Secp256k1
{
    /// <summary>Bytes of a secret key.</summary>
    public const int SecretSize = 32;

    /// <summary>Bytes of a parsed public key, in a form only the library reads.</summary>
    public const int PointSize = 64;

    /// <summary>Bytes of r and s behind each other.</summary>
    public const int CompactSignatureSize = 64;

    /// <summary>Longest signature in DER.</summary>
    public const int MaxDerSignatureSize = 72;

    private const int ParsedSignatureSize = 64;
    private const int RecoverableSignatureSize = 65;
    private const string Library = "libsecp256k1";

    // Sign and verify; since 0.2 every context does both and ignores the two bits.
    private const uint ContextFlags = (1 << 0) | (1 << 8) | (1 << 9);
    private const uint SerializeCompressed = (1 << 1) | (1 << 8);
    private const uint SerializeUncompressed = 1 << 1;

    // The functions used here are the same in each of these releases (0.1-0.2, 0.3-0.4, 0.5, 0.6 and later).
    private static readonly string[] FileNames =
        ["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so.6"];

    private static readonly nint Context = CreateContext();

    // The library calls back for what to make of the common point. A function and no delegate: for one of those code would be
    // made at run time, which a process under MemoryDenyWriteExecute may not.
    private static readonly unsafe nint KeepXFunction = (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, nint, int>)&CopyX;

    /// <summary>Whether 32 bytes are a secret key: not zero and below the group's order.</summary>
    public static bool IsSecret(ReadOnlySpan<byte> secret) => SeckeyVerify(Context, secret) == 1;

    /// <summary>Adds a 32-byte number to a secret key in place, modulo the group's order.</summary>
    public static bool AddToSecret(Span<byte> secret, ReadOnlySpan<byte> tweak) =>
        SeckeyTweakAdd(Context, secret, tweak) == 1;

    /// <summary>The public key's point of a secret key.</summary>
    public static bool TryMultiplyBase(ReadOnlySpan<byte> secret, Span<byte> point) =>
        PubkeyCreate(Context, point, secret) == 1;

    /// <summary>Reads a public key of 33 or 65 bytes (also the hybrid form 06/07).</summary>
    public static bool TryParsePoint(ReadOnlySpan<byte> bytes, Span<byte> point) =>
        PubkeyParse(Context, point, bytes, (nuint)bytes.Length) == 1;

    /// <summary>Writes a point as 33 or 65 bytes.</summary>
    public static void SerializePoint(ReadOnlySpan<byte> point, Span<byte> bytes, bool compressed)
    {
        var length = (nuint)bytes.Length;
        _ = PubkeySerialize(
            Context, bytes, ref length, point, compressed ? SerializeCompressed : SerializeUncompressed);
    }

    /// <summary>Adds a multiple of the base point to a point in place.</summary>
    public static bool AddToPoint(Span<byte> point, ReadOnlySpan<byte> tweak) =>
        PubkeyTweakAdd(Context, point, tweak) == 1;

    /// <summary>
    /// Signs with the nonce of RFC 6979 (with 32 bytes of extra entropy if given) and a low s; writes r and s,
    /// 32 bytes each, big-endian.
    /// </summary>
    public static bool TrySign(
        ReadOnlySpan<byte> hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> entropy, Span<byte> compact)
    {
        Span<byte> signature = stackalloc byte[ParsedSignatureSize];
        return EcdsaSign(Context, signature, hash, secret, 0, entropy) == 1
            && SignatureSerializeCompact(Context, compact, signature) == 1;
    }

    /// <summary>Writes r and s as DER; gives the length.</summary>
    public static int ToDer(ReadOnlySpan<byte> compact, Span<byte> der)
    {
        Span<byte> signature = stackalloc byte[ParsedSignatureSize];
        var length = (nuint)der.Length;
        return SignatureParseCompact(Context, signature, compact) == 1
            && SignatureSerializeDer(Context, der, ref length, signature) == 1
            ? (int)length
            : 0;
    }

    /// <summary>Verifies r and s; a high s counts as its low twin.</summary>
    public static bool Verify(ReadOnlySpan<byte> compact, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> point)
    {
        Span<byte> signature = stackalloc byte[ParsedSignatureSize];
        if (SignatureParseCompact(Context, signature, compact) != 1)
        {
            return false;
        }

        Span<byte> low = stackalloc byte[ParsedSignatureSize];
        _ = SignatureNormalize(Context, low, signature);
        return EcdsaVerify(Context, low, hash, point) == 1;
    }

    /// <summary>Whether r and s are in range and s is at most half the order.</summary>
    public static bool IsLowS(ReadOnlySpan<byte> compact)
    {
        Span<byte> signature = stackalloc byte[ParsedSignatureSize];
        Span<byte> low = stackalloc byte[ParsedSignatureSize];
        return SignatureParseCompact(Context, signature, compact) == 1
            && SignatureNormalize(Context, low, signature) == 0;
    }

    /// <summary>
    /// Signs so that the key can be recovered from the signature and a number from 0 to 3: which of the possible
    /// points the key is.
    /// </summary>
    public static bool TrySignRecoverable(
        ReadOnlySpan<byte> hash, ReadOnlySpan<byte> secret, Span<byte> compact, out int recovery)
    {
        Span<byte> signature = stackalloc byte[RecoverableSignatureSize];
        recovery = -1;
        return EcdsaSignRecoverable(Context, signature, hash, secret, 0, 0) == 1
            && RecoverableSerializeCompact(Context, compact, ref recovery, signature) == 1;
    }

    /// <summary>The point that made a signature.</summary>
    public static bool TryRecover(ReadOnlySpan<byte> compact, int recovery, ReadOnlySpan<byte> hash, Span<byte> point)
    {
        Span<byte> signature = stackalloc byte[RecoverableSignatureSize];
        return RecoverableParseCompact(Context, signature, compact, recovery) == 1
            && EcdsaRecover(Context, point, signature, hash) == 1;
    }

    /// <summary>The x coordinate of a point times a secret, in time that tells nothing of the secret.</summary>
    public static bool TryShareX(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> point, Span<byte> x) =>
        Ecdh(Context, x, point, secret, KeepXFunction, 0) == 1;

    private static nint CreateContext()
    {
        NativeLibrary.SetDllImportResolver(typeof(Secp256k1).Assembly, static (name, _, _) =>
        {
            if (name != Library)
            {
                return 0;
            }

            foreach (var file in FileNames)
            {
                if (NativeLibrary.TryLoad(file, out var handle))
                {
                    return handle;
                }
            }

            throw new DllNotFoundException(
                "libsecp256k1 is not installed (on Debian and Ubuntu: apt install libsecp256k1-1).");
        });

        var context = ContextCreate(ContextFlags);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        var blinded = ContextRandomize(context, seed);
        CryptographicOperations.ZeroMemory(seed);
        return blinded == 1 ? context : throw new CryptographicException("libsecp256k1 refused its random seed.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CopyX(nint output, nint x, nint y, nint data)
    {
        var bytes = new byte[SecretSize];
        Marshal.Copy(x, bytes, 0, SecretSize);
        Marshal.Copy(bytes, 0, output, SecretSize);
        CryptographicOperations.ZeroMemory(bytes);
        return 1;
    }

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    private static partial nint ContextCreate(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    private static partial int ContextRandomize(nint context, ReadOnlySpan<byte> seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_verify")]
    private static partial int SeckeyVerify(nint context, ReadOnlySpan<byte> secret);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_tweak_add")]
    private static partial int SeckeyTweakAdd(nint context, Span<byte> secret, ReadOnlySpan<byte> tweak);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    private static partial int PubkeyCreate(nint context, Span<byte> point, ReadOnlySpan<byte> secret);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_parse")]
    private static partial int PubkeyParse(nint context, Span<byte> point, ReadOnlySpan<byte> bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    private static partial int PubkeySerialize(
        nint context, Span<byte> bytes, ref nuint length, ReadOnlySpan<byte> point, uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_tweak_add")]
    private static partial int PubkeyTweakAdd(nint context, Span<byte> point, ReadOnlySpan<byte> tweak);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign")]
    private static partial int EcdsaSign(
        nint context,
        Span<byte> signature,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> secret,
        nint nonceFunction,
        ReadOnlySpan<byte> entropy);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_verify")]
    private static partial int EcdsaVerify(
        nint context, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> point);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_parse_compact")]
    private static partial int SignatureParseCompact(nint context, Span<byte> signature, ReadOnlySpan<byte> compact);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_serialize_compact")]
    private static partial int SignatureSerializeCompact(
        nint context, Span<byte> compact, ReadOnlySpan<byte> signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_serialize_der")]
    private static partial int SignatureSerializeDer(
        nint context, Span<byte> der, ref nuint length, ReadOnlySpan<byte> signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_normalize")]
    private static partial int SignatureNormalize(nint context, Span<byte> low, ReadOnlySpan<byte> signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    private static partial int EcdsaSignRecoverable(
        nint context,
        Span<byte> signature,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> secret,
        nint nonceFunction,
        nint entropy);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    private static partial int RecoverableSerializeCompact(
        nint context, Span<byte> compact, ref int recovery, ReadOnlySpan<byte> signature);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    private static partial int RecoverableParseCompact(
        nint context, Span<byte> signature, ReadOnlySpan<byte> compact, int recovery);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    private static partial int EcdsaRecover(
        nint context, Span<byte> point, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> hash);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdh")]
    private static partial int Ecdh(
        nint context, Span<byte> output, ReadOnlySpan<byte> point, ReadOnlySpan<byte> secret, nint hashFunction, nint data);
}
