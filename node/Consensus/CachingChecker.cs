using System.Security.Cryptography;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>Answers a script's questions for one input, and remembers signatures that were good.</summary>
/// <param name="transaction">The transaction.</param>
/// <param name="input">The input's number.</param>
/// <param name="passed">Signatures that were good.</param>
/// <param name="salt">Mixed into what is remembered, so that nobody can aim at a place.</param>
/// <param name="remember">Whether new ones are worth remembering.</param>
internal sealed class CachingChecker(
    Transaction transaction, int input, PassedSet passed, ReadOnlyMemory<byte> salt, bool remember) : ISignatureChecker
{
    private readonly TransactionChecker _plain = new(transaction, input);

    /// <inheritdoc/>
    public bool CheckSignature(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> scriptCode)
    {
        if (signature.IsEmpty || !PublicKey.TryParse(publicKey, out var key))
        {
            return false;
        }

        var hash = SignatureHash.Compute(transaction, input, scriptCode, (SigHashType)signature[^1]);
        if (!remember && passed.IsEmpty)
        {
            return key.Verify(hash, signature[..^1]);
        }

        var entry = EntryOf(hash, publicKey, signature[..^1]);
        if (passed.Contains(entry))
        {
            return true;
        }

        var isGood = key.Verify(hash, signature[..^1]);
        if (isGood && remember)
        {
            passed.Add(entry);
        }

        return isGood;
    }

    /// <inheritdoc/>
    public bool CheckLockTime(long lockTime) => _plain.CheckLockTime(lockTime);

    /// <inheritdoc/>
    public bool CheckSequence(long sequence) => _plain.CheckSequence(sequence);

    private Uint256 EntryOf(Uint256 hash, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature)
    {
        var writer = new ByteWriter(salt.Length + Uint256.Size + publicKey.Length + signature.Length + 1);
        writer.WriteBytes(salt.Span);
        writer.WriteUint256(hash);
        writer.WriteVarBytes(publicKey);
        writer.WriteBytes(signature);
        return new Uint256(SHA256.HashData(writer.WrittenSpan));
    }
}
