namespace Dash.Primitives.Scripts;

/// <summary>Answers for no transaction at all: nothing is signed, nothing waits.</summary>
internal sealed class NoSignatures : ISignatureChecker
{
    public static readonly NoSignatures Instance = new();

    private NoSignatures()
    {
    }

    public bool CheckSignature(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> scriptCode) => false;

    public bool CheckLockTime(long lockTime) => false;

    public bool CheckSequence(long sequence) => false;
}
