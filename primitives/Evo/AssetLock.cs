using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Evo;

/// <summary>Payload of a payment into the credit pool: who is credited on the platform.</summary>
/// <param name="Version">1.</param>
/// <param name="CreditOutputs">What is credited, to key hashes only.</param>
public sealed record AssetLock(byte Version, IReadOnlyList<TxOut> CreditOutputs)
{
    /// <summary>The version there is.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>What is wrong with a whole transaction of this type (Core: CheckAssetLockTx); null if nothing is.</summary>
    public static PayloadFault? Check(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.Type != TransactionType.AssetLock)
        {
            return Bad("bad-assetlocktx-type");
        }

        var locked = 0L;
        foreach (var output in transaction.Outputs)
        {
            var script = output.ScriptPubKey.Span;
            if (script.IsEmpty || script[0] != (byte)Opcode.Return)
            {
                continue;
            }

            if (script.Length != 2 || script[1] != 0)
            {
                return Bad("bad-assetlocktx-non-empty-return");
            }

            if (output.Value.IsZero || !output.Value.IsInRange)
            {
                return Bad("bad-assetlocktx-opreturn-outofrange");
            }

            if (locked > 0)
            {
                return Bad("bad-assetlocktx-multiple-return");
            }

            locked = output.Value.Duffs;
        }

        if (locked == 0)
        {
            return Bad("bad-assetlocktx-no-return");
        }

        if (!TryParse(transaction.ExtraPayload.Span, out var payload))
        {
            return Bad("bad-assetlocktx-payload");
        }

        return payload.Version is 0 or > CurrentVersion ? Bad("bad-assetlocktx-version")
            : payload.CreditOutputs.Count == 0 ? Bad("bad-assetlocktx-emptycreditoutputs")
            : CheckCredits(payload.CreditOutputs, locked);
    }

    /// <summary>What a transaction of this type locks: the value of its first OP_RETURN output.</summary>
    public static Amount LockedBy(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Outputs.FirstOrDefault(static output =>
            !output.ScriptPubKey.IsEmpty && output.ScriptPubKey.Span[0] == (byte)Opcode.Return)?.Value ?? Amount.Zero;
    }

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out AssetLock? parsed)
    {
        try
        {
            var reader = new SpanReader(payload);
            var version = reader.ReadByte();
            var outputs = new TxOut[reader.ReadCount(sizeof(long) + 1)];
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = TxOut.Read(ref reader);
            }

            reader.ExpectEnd();
            parsed = new AssetLock(version, outputs);
            return true;
        }
        catch (EncodingException)
        {
            parsed = null;
            return false;
        }
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(64);
        writer.WriteByte(Version);
        writer.WriteCompactSize(CreditOutputs.Count);
        foreach (var output in CreditOutputs)
        {
            output.Write(writer);
        }

        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(AssetLock? other) =>
        other is not null && Version == other.Version && CreditOutputs.SequenceEqual(other.CreditOutputs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, CreditOutputs.Count);

    private static PayloadFault? CheckCredits(IReadOnlyList<TxOut> credits, long locked)
    {
        var total = 0L;
        foreach (var credit in credits)
        {
            if (credit.Value.IsZero || !credit.Value.IsInRange || !new Amount(total + credit.Value.Duffs).IsInRange)
            {
                return Bad("bad-assetlocktx-credit-outofrange");
            }

            total += credit.Value.Duffs;
            if (!ScriptTemplates.IsPayToPubKeyHash(credit.ScriptPubKey.Span))
            {
                return Bad("bad-assetlocktx-pubKeyHash");
            }
        }

        return total == locked ? null : Bad("bad-assetlocktx-creditamount");
    }

    private static PayloadFault Bad(string reason) => PayloadFault.BadSpecial(reason);
}
