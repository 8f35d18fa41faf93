using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>Answers a script's questions for one input of a transaction.</summary>
public sealed class TransactionChecker(Transaction transaction, int input) : ISignatureChecker
{
    /// <summary>Lock times from here on are seconds since 1970, below they are heights.</summary>
    public const uint LockTimeThreshold = 500_000_000;

    /// <summary>BIP68: the sequence says nothing about the age of the output.</summary>
    public const uint SequenceDisableFlag = 1u << 31;

    /// <summary>BIP68: the age is in units of 512 seconds, not in blocks.</summary>
    public const uint SequenceTypeFlag = 1u << 22;

    /// <summary>BIP68: the bits that are the age.</summary>
    public const uint SequenceMask = 0x0000ffff;

    /// <inheritdoc/>
    public bool CheckSignature(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> scriptCode)
    {
        if (signature.IsEmpty || !PublicKey.TryParse(publicKey, out var key))
        {
            return false;
        }

        var hash = SignatureHash.Compute(transaction, input, scriptCode, (SigHashType)signature[^1]);
        return key.Verify(hash, signature[..^1]);
    }

    /// <inheritdoc/>
    public bool CheckLockTime(long lockTime)
    {
        // Heights compare with heights and times with times only. A final input switches the lock time off, and so
        // would not hold the transaction back.
        var isTime = transaction.LockTime >= LockTimeThreshold;
        return isTime == (lockTime >= LockTimeThreshold)
            && lockTime <= transaction.LockTime
            && transaction.Inputs[input].Sequence != TxIn.FinalSequence;
    }

    /// <inheritdoc/>
    public bool CheckSequence(long sequence)
    {
        // The version counts as unsigned here.
        var own = transaction.Inputs[input].Sequence;
        if ((uint)transaction.Version < 2 || (own & SequenceDisableFlag) != 0)
        {
            return false;
        }

        const uint Mask = SequenceTypeFlag | SequenceMask;
        var ownMasked = own & Mask;
        var asked = sequence & Mask;
        return (ownMasked < SequenceTypeFlag) == (asked < SequenceTypeFlag) && asked <= ownMasked;
    }
}
