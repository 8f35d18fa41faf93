namespace Dash.Primitives.Scripts;

/// <summary>Runs the scripts that spend an output. Pure; any thread.</summary>
public static class Interpreter
{
    /// <summary>Operations beyond pushes a script may run.</summary>
    public const int MaxOpsPerScript = 201;

    /// <summary>Elements the two stacks may hold together.</summary>
    public const int MaxStackSize = 1000;

    /// <summary>Whether <paramref name="scriptSig"/> may spend what <paramref name="scriptPubKey"/> guards.</summary>
    public static bool Verify(
        Script scriptSig,
        Script scriptPubKey,
        ScriptFlags flags,
        ISignatureChecker checker,
        out ScriptError error)
    {
        ArgumentNullException.ThrowIfNull(scriptSig);
        ArgumentNullException.ThrowIfNull(scriptPubKey);
        error = Verify(scriptSig, scriptPubKey, flags, checker);
        return error == ScriptError.Ok;
    }

    /// <summary>Runs one script on a stack, which it changes; bottom first.</summary>
    public static bool Evaluate(
        List<byte[]> stack, Script script, ScriptFlags flags, ISignatureChecker checker, out ScriptError error)
    {
        ArgumentNullException.ThrowIfNull(script);
        var wrapped = new ScriptStack(stack);
        error = new ScriptMachine(wrapped, script.Span, flags, checker).Run();
        return error == ScriptError.Ok;
    }

    /// <summary>Whether a push has the shortest form of its data.</summary>
    internal static bool IsMinimalPush(ReadOnlySpan<byte> data, Opcode op) => data.Length switch
    {
        0 => op == Opcode.Op0,
        1 when data[0] is (>= 1 and <= 16) or 0x81 => false, // OP_1 … OP_16 and OP_1NEGATE are shorter
        < (int)Opcode.PushData1 => (int)op == data.Length,
        <= byte.MaxValue => op == Opcode.PushData1,
        <= ushort.MaxValue => op == Opcode.PushData2,
        _ => true,
    };

    private static ScriptError Verify(
        Script scriptSig, Script scriptPubKey, ScriptFlags flags, ISignatureChecker checker)
    {
        if ((flags & ScriptFlags.SigPushOnly) != 0 && !scriptSig.IsPushOnly)
        {
            return ScriptError.SigPushOnly;
        }

        // One after the other on the same stack, not joined into one script (CVE-2010-5141).
        var stack = new ScriptStack([]);
        var error = new ScriptMachine(stack, scriptSig.Span, flags, checker).Run();
        if (error != ScriptError.Ok)
        {
            return error;
        }

        var isScriptHash = (flags & ScriptFlags.P2sh) != 0 && scriptPubKey.IsPayToScriptHash;
        var pushed = isScriptHash ? stack.Copy() : null;
        error = RunToTrue(stack, scriptPubKey.Span, flags, checker);
        if (error != ScriptError.Ok)
        {
            return error;
        }

        // BIP16: the last push is the script whose hash the output names; the others are its arguments.
        if (pushed is not null)
        {
            if (!scriptSig.IsPushOnly)
            {
                return ScriptError.SigPushOnly;
            }

            stack = pushed;
            error = RunToTrue(stack, stack.Pop(), flags, checker);
            if (error != ScriptError.Ok)
            {
                return error;
            }
        }

        return (flags & ScriptFlags.CleanStack) != 0 && stack.Count != 1 ? ScriptError.CleanStack : ScriptError.Ok;
    }

    private static ScriptError RunToTrue(
        ScriptStack stack, ReadOnlySpan<byte> script, ScriptFlags flags, ISignatureChecker checker)
    {
        var error = new ScriptMachine(stack, script, flags, checker).Run();
        if (error != ScriptError.Ok)
        {
            return error;
        }

        return stack.Count > 0 && ScriptStack.IsTrue(stack.Top()) ? ScriptError.Ok : ScriptError.EvalFalse;
    }
}
