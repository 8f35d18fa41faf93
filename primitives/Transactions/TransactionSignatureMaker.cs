using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>Signs one input of a transaction.</summary>
public sealed class TransactionSignatureMaker(Transaction transaction, int input, SigHashType type) : ISignatureMaker
{
    /// <inheritdoc/>
    public ISignatureChecker Checker { get; } = new TransactionChecker(transaction, input);

    /// <inheritdoc/>
    public bool TrySign(
        ISigningSource source, Hash160 keyId, Script scriptCode, [NotNullWhen(true)] out byte[]? signature)
    {
        ArgumentNullException.ThrowIfNull(source);
        signature = source.TryGetPrivateKey(keyId, out var key)
            ? [.. key.Sign(SignatureHash.Compute(transaction, input, scriptCode, type)), (byte)type]
            : null;
        return signature is not null;
    }
}
