using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Rpc.Protocol;

/// <summary>Special payloads as members of a transaction, but for the coinbase's. Node and wallet answer with the same code.</summary>
internal static class PayloadJson
{
    /// <summary>Writes the member of a payload that can be read; nothing for another.</summary>
    /// <param name="writer">Takes the member.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="prefixes">The network's, for addresses.</param>
    public static void Write(Utf8JsonWriter writer, Transaction transaction, AddressPrefixes prefixes)
    {
        var payload = transaction.ExtraPayload.Span;
        switch (transaction.Type)
        {
            case TransactionType.ProRegTx when ProRegTx.TryParse(payload, out var registration):
                ProTxJson.Write(writer, registration, prefixes);
                break;
            case TransactionType.ProUpServTx when ProUpServTx.TryParse(payload, out var service):
                ProTxJson.Write(writer, service, prefixes);
                break;
            case TransactionType.ProUpRegTx when ProUpRegTx.TryParse(payload, out var registrar):
                ProTxJson.Write(writer, registrar, prefixes);
                break;
            case TransactionType.ProUpRevTx when ProUpRevTx.TryParse(payload, out var revocation):
                ProTxJson.Write(writer, revocation);
                break;
            case TransactionType.QuorumCommitment when FinalCommitment.TryParse(payload, out var commitment):
                WriteCommitment(writer, commitment);
                break;
            case TransactionType.MnHfSignal when MnHfSignal.TryParse(payload, out var signal):
                WriteSignal(writer, signal);
                break;
            case TransactionType.AssetLock when AssetLock.TryParse(payload, out var asset):
                WriteLock(writer, asset, prefixes);
                break;
            case TransactionType.AssetUnlock when AssetUnlock.TryParse(payload, out var unlock):
                WriteUnlock(writer, unlock);
                break;
            default:
                break;
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
        writer.WriteHash("quorumVvecHash", new Uint256(commitment.VerificationVectorHash.Span));
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

    private static void WriteLock(Utf8JsonWriter writer, AssetLock asset, AddressPrefixes prefixes)
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
            writer.WriteScript(output.ScriptPubKey, prefixes, withAddress: false);
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
