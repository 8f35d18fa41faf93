using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>
/// What light clients may look for in the payloads of special transactions: owners, voters, payouts, registrations and
/// credits.
/// </summary>
public static class PayloadElements
{
    /// <summary>
    /// The elements a block filter holds for a transaction's payload (Core: ExtractSpecialTxFilterElements); none for
    /// an ordinary transaction or a payload that can't be read.
    /// </summary>
    public static IEnumerable<byte[]> Of(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (!transaction.HasExtraPayload)
        {
            return [];
        }

        var payload = transaction.ExtraPayload.Span;
        return transaction.Type switch
        {
            TransactionType.ProRegTx when ProRegTx.TryParse(payload, out var parsed) =>
                [Bytes(parsed.Collateral), Bytes(parsed.OwnerKeyId), Bytes(parsed.VotingKeyId), .. Bytes(parsed.Payout)],
            TransactionType.ProUpServTx when ProUpServTx.TryParse(payload, out var parsed) =>
                [parsed.ProTxHash.Value.ToArray(), .. Bytes(parsed.OperatorPayout)],
            TransactionType.ProUpRegTx when ProUpRegTx.TryParse(payload, out var parsed) =>
                [parsed.ProTxHash.Value.ToArray(), Bytes(parsed.VotingKeyId), .. Bytes(parsed.Payout)],
            TransactionType.ProUpRevTx when ProUpRevTx.TryParse(payload, out var parsed) =>
                [parsed.ProTxHash.Value.ToArray()],
            TransactionType.AssetLock when AssetLock.TryParse(payload, out var parsed) =>
                parsed.CreditOutputs.Select(static output => output.ScriptPubKey)
                    .Where(static script => !script.IsEmpty && script.Span[0] != (byte)Opcode.Return)
                    .Select(static script => script.ToArray()),
            _ => [],
        };
    }

    private static byte[] Bytes(OutPoint outPoint)
    {
        var writer = new ByteWriter(OutPoint.Size);
        outPoint.Write(writer);
        return writer.ToArray();
    }

    private static byte[] Bytes(Hash160 id)
    {
        var bytes = new byte[Hash160.Size];
        id.CopyTo(bytes);
        return bytes;
    }

    // An empty script is no element.
    private static IEnumerable<byte[]> Bytes(Script script) => script.IsEmpty ? [] : [script.ToArray()];
}
