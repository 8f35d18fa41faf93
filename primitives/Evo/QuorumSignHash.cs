using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Evo;

/// <summary>What a quorum's members sign together.</summary>
public static class QuorumSignHash
{
    /// <summary>Binds a message and its purpose to the quorum.</summary>
    /// <param name="llmqType">Kind of the quorum.</param>
    /// <param name="quorumHash">The block it was drawn by.</param>
    /// <param name="requestId">What the signature is for.</param>
    /// <param name="messageHash">What is signed.</param>
    public static Uint256 Compute(byte llmqType, BlockHash quorumHash, Uint256 requestId, Uint256 messageHash)
    {
        var writer = new ByteWriter(1 + (3 * Uint256.Size));
        writer.WriteByte(llmqType);
        writer.WriteUint256(quorumHash.Value);
        writer.WriteUint256(requestId);
        writer.WriteUint256(messageHash);
        return Hashes.Sha256d(writer.WrittenSpan);
    }
}
