namespace Dash.Primitives.Scripts;

/// <summary>Counts the signature checks of scripts, before any is run.</summary>
public static class SigOpCount
{
    /// <summary>
    /// Checks in a script. A multisig counts as twenty, or when <paramref name="accurate"/> as the number of keys
    /// right before it.
    /// </summary>
    public static int Of(Script script, bool accurate)
    {
        ArgumentNullException.ThrowIfNull(script);
        return Of(script.Span, accurate);
    }

    /// <summary>
    /// Checks in the script a pay-to-script-hash output is spent with; for other outputs, its own checks.
    /// </summary>
    public static int OfSpend(Script scriptPubKey, Script scriptSig)
    {
        ArgumentNullException.ThrowIfNull(scriptPubKey);
        ArgumentNullException.ThrowIfNull(scriptSig);
        if (!scriptPubKey.IsPayToScriptHash)
        {
            return Of(scriptPubKey, accurate: true);
        }

        var last = ReadOnlySpan<byte>.Empty;
        var ops = scriptSig.Ops();
        while (ops.TryRead(out var op, out var data))
        {
            if (op > Opcode.Op16)
            {
                return 0;
            }

            last = data;
        }

        return ops.IsAtEnd ? Of(last, accurate: true) : 0;
    }

    private static int Of(ReadOnlySpan<byte> script, bool accurate)
    {
        var count = 0;
        var last = Opcode.InvalidOpcode;
        var ops = new ScriptReader(script);
        while (ops.TryRead(out var op, out _))
        {
            count += op switch
            {
                Opcode.CheckSig or Opcode.CheckSigVerify => 1,
                Opcode.CheckMultiSig or Opcode.CheckMultiSigVerify =>
                    accurate && last is >= Opcode.Op1 and <= Opcode.Op16
                        ? last - Opcode.Op1 + 1
                        : Script.MaxKeysPerMultisig,
                _ => 0,
            };
            last = op;
        }

        return count;
    }
}
