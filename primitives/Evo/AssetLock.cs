using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Consensus;

/// <summary>Payload of a payment into the credit pool: who is credited on the platform.</summary>
/// <param name="Version">1.</param>
/// <param name="CreditOutputs">What is credited, to key hashes only.</param>
internal sealed record AssetLock(byte Version, IReadOnlyList<TxOut> CreditOutputs)
{
    /// <summary>Checks a whole transaction of this type; <paramref name="transaction"/> has the type already.</summary>
    public static ValidationState Check(Transaction transaction)
    {
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

        return payload.Version != 1 ? Bad("bad-assetlocktx-version")
            : payload.CreditOutputs.Count == 0 ? Bad("bad-assetlocktx-emptycreditoutputs")
            : CheckCredits(payload.CreditOutputs, locked);
    }

    /// <summary>What a transaction of this type locks: the value of its first OP_RETURN output.</summary>
    public static Amount LockedBy(Transaction transaction) =>
        transaction.Outputs.FirstOrDefault(static output =>
            !output.ScriptPubKey.IsEmpty && output.ScriptPubKey.Span[0] == (byte)Opcode.Return)?.Value ?? Amount.Zero;

    private static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out AssetLock? parsed)
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

    private static ValidationState CheckCredits(IReadOnlyList<TxOut> credits, long locked)
    {
        var total = 0L;
        foreach (var credit in credits)
        {
            if (credit.Value.IsZero || !credit.Value.IsInRange || !new Amount(total + credit.Value.Duffs).IsInRange)
            {
                return Bad("bad-assetlocktx-credit-outofrange");
            }

            total += credit.Value.Duffs;
            if (credit.ScriptPubKey.Span is not [0x76, 0xa9, 20, .., 0x88, 0xac] || credit.ScriptPubKey.Length != 25)
            {
                return Bad("bad-assetlocktx-pubKeyHash");
            }
        }

        return total == locked ? ValidationState.Valid : Bad("bad-assetlocktx-creditamount");
    }

    private static ValidationState Bad(string reason) => ValidationState.Invalid(InvalidKind.BadSpecial, reason);
}
