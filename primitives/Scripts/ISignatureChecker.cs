namespace Dash.Primitives.Scripts;

/// <summary>What a script asks about the transaction that spends with it.</summary>
public interface ISignatureChecker
{
    /// <summary>
    /// Whether a signature (DER and a hash type byte) by a public key is good for the script code. A key that does not
    /// parse has no good signature.
    /// </summary>
    public bool CheckSignature(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> scriptCode);

    /// <summary>
    /// BIP65: whether the transaction can't be mined before this time or height, which is not negative.
    /// </summary>
    public bool CheckLockTime(long lockTime);

    /// <summary>BIP112: whether the input can't be mined before its output is this old.</summary>
    public bool CheckSequence(long sequence);
}
