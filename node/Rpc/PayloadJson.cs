using System.Text.Json;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Special payloads as members of a transaction, beyond those that every process knows.</summary>
internal static class PayloadJson
{
    /// <summary>Writes the member of a quorum commitment; nothing for other payloads.</summary>
    public static void Write(Utf8JsonWriter writer, Transaction transaction)
    {
        if (transaction.Type != TransactionType.QuorumCommitment
            || !FinalCommitment.TryParse(transaction.ExtraPayload.Span, out var commitment))
        {
            return;
        }

        writer.WriteStartObject("qcTx");
        writer.WriteNumber("version", commitment.OuterVersion);
        writer.WriteNumber("height", commitment.Height);
        writer.WriteStartObject("commitment");
        writer.WriteNumber("version", commitment.Version);
        writer.WriteNumber("llmqType", commitment.LlmqType);
        writer.WriteHash("quorumHash", commitment.QuorumHash);
        writer.WriteNumber("quorumIndex", commitment.QuorumIndex);
        writer.WriteNumber("signersCount", commitment.SignerCount);
        writer.WriteHex("signers", commitment.Signers.Bits.Span);
        writer.WriteNumber("validMembersCount", commitment.ValidMemberCount);
        writer.WriteHex("validMembers", commitment.ValidMembers.Bits.Span);
        writer.WriteHex("quorumPublicKey", commitment.PublicKey.Span);
        writer.WriteHash("quorumVvecHash", new Primitives.Hashing.Uint256(commitment.VerificationVectorHash.Span));
        writer.WriteHex("quorumSig", commitment.QuorumSignature.Span);
        writer.WriteHex("membersSig", commitment.MembersSignature.Span);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
