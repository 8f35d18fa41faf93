using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>Makes the signatures of one input, and says whether signatures are good.</summary>
public interface ISignatureMaker
{
    /// <summary>Checks what was made.</summary>
    public ISignatureChecker Checker { get; }

    /// <summary>A signature (DER and a hash type byte) by the key of an id; false without the key.</summary>
    public bool TrySign(
        ISigningSource source, Hash160 keyId, Script scriptCode, [NotNullWhen(true)] out byte[]? signature);
}
