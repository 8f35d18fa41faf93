using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// The pairing side of BLS12-381, for whoever checks what masternodes and quorums signed. Callable from any thread.
/// </summary>
public interface IBlsVerifier
{
    /// <summary>Whether a signature of one key, or the recovered one of a quorum, is good for a hash.</summary>
    public bool Verify(BlsPublicKey key, Uint256 hash, BlsSignature signature, BlsScheme scheme);

    /// <summary>
    /// Whether an aggregate of several keys' signatures of the same hash is good, each key weighted so that none can
    /// cancel another.
    /// </summary>
    public bool VerifySecureAggregate(
        IReadOnlyList<BlsPublicKey> keys, Uint256 hash, BlsSignature signature, BlsScheme scheme);
}
