using System.Text.Json;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Special payloads as members of a transaction, beyond those that every process knows.</summary>
internal static class PayloadJson
{
    /// <summary>Writes the member of a commitment, a signal, or an asset lock or unlock; nothing for other payloads.</summary>
    public static void Write(Utf8JsonWriter writer, Transaction transaction)
    {
        var payload = transaction.ExtraPayload.Span;
        switch (transaction.Type)
        {
            case TransactionType.QuorumCommitment when FinalCommitment.TryParse(payload, out var commitment):
                WriteCommitment(writer, commitment);
                break;
            case TransactionType.MnHfSignal when MnHfSignal.TryParse(payload, out var signal):
                WriteSignal(writer, signal);
                break;
            case TransactionType.AssetLock when AssetLock.TryParse(payload, out var asset):
                WriteLock(writer, asset);
                break;
            case TransactionType.AssetUnlock when AssetUnlock.TryParse(payload, out var unlock):
                WriteUnlock(writer, unlock);
                break;
            default:
                break; // the coinbase's is written by every process
        }
    }

    private static void WriteCommitment(Utf8JsonWriter writer, FinalCommitment commitment)
    {
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

    private static void WriteSignal(Utf8JsonWriter writer, MnHfSignal signal)
    {
        writer.WriteStartObject("mnhfTx");
        writer.WriteNumber("version", signal.Version);
        writer.WriteStartObject("signal");
        writer.WriteNumber("versionBit", signal.VersionBit);
        writer.WriteHash("quorumHash", signal.QuorumHash);
        writer.WriteHex("sig", signal.Signature.Span);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteLock(Utf8JsonWriter writer, AssetLock asset)
    {
        writer.WriteStartObject("assetLockTx");
        writer.WriteNumber("version", asset.Version);
        writer.WriteStartArray("creditOutputs");
        foreach (var output in asset.CreditOutputs)
        {
            writer.WriteStartObject();
            writer.WriteAmount("value", output.Value);
            writer.WriteNumber("valueSat", output.Value.Duffs);
            writer.WriteStartObject("scriptPubKey");
            writer.WriteScript(output.ScriptPubKey, ChainParams.Main.Prefixes, withAddress: false); // so no prefix is needed
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteUnlock(Utf8JsonWriter writer, AssetUnlock unlock)
    {
        writer.WriteStartObject("assetUnlockTx");
        writer.WriteNumber("version", unlock.Version);
        writer.WriteNumber("index", unlock.Index);
        writer.WriteNumber("fee", unlock.Fee.Duffs);
        writer.WriteNumber("requestedHeight", unlock.RequestedHeight);
        writer.WriteHash("quorumHash", unlock.QuorumHash);
        writer.WriteHex("quorumSig", unlock.QuorumSignature.Span);
        writer.WriteEndObject();
    }
}
