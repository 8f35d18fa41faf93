namespace Dash.Primitives.Scripts;

/// <summary>What Core says to a script error, in replies and reject reasons.</summary>
public static class ScriptErrorText
{
    /// <summary>Core's text of an error.</summary>
    public static string Of(ScriptError error) => error switch
    {
        ScriptError.Ok => "No error",
        ScriptError.EvalFalse => "Script evaluated without error but finished with a false/empty top stack element",
        ScriptError.OpReturn => "OP_RETURN was encountered",
        ScriptError.ScriptSize => "Script is too big",
        ScriptError.PushSize => "Push value size limit exceeded",
        ScriptError.OpCount => "Operation limit exceeded",
        ScriptError.StackSize => "Stack size limit exceeded",
        ScriptError.SigCount => "Signature count negative or greater than pubkey count",
        ScriptError.PubkeyCount => "Pubkey count negative or limit exceeded",
        ScriptError.Verify => "Script failed an OP_VERIFY operation",
        ScriptError.EqualVerify => "Script failed an OP_EQUALVERIFY operation",
        ScriptError.CheckMultisigVerify => "Script failed an OP_CHECKMULTISIGVERIFY operation",
        ScriptError.CheckSigVerify => "Script failed an OP_CHECKSIGVERIFY operation",
        ScriptError.CheckDataSigVerify => "Script failed an OP_CHECKDATASIGVERIFY operation",
        ScriptError.NumEqualVerify => "Script failed an OP_NUMEQUALVERIFY operation",
        ScriptError.BadOpcode => "Opcode missing or not understood",
        ScriptError.DisabledOpcode => "Attempted to use a disabled opcode",
        ScriptError.InvalidStackOperation => "Operation not valid with the current stack size",
        ScriptError.InvalidAltstackOperation => "Operation not valid with the current altstack size",
        ScriptError.UnbalancedConditional => "Invalid OP_IF construction",
        ScriptError.InvalidSplitRange => "Invalid OP_SPLIT range",
        ScriptError.InvalidOperandSize => "Invalid operand size",
        ScriptError.InvalidNumberRange => "Given operand is not a number within the valid range [-2^31...2^31]",
        ScriptError.ImpossibleEncoding => "The requested encoding is impossible to satisfy",
        ScriptError.DivByZero => "Division by zero error",
        ScriptError.ModByZero => "Modulo by zero error",
        ScriptError.NegativeLocktime => "Negative locktime",
        ScriptError.UnsatisfiedLocktime => "Locktime requirement not satisfied",
        ScriptError.SigHashtype => "Signature hash type missing or not understood",
        ScriptError.SigDer => "Non-canonical DER signature",
        ScriptError.MinimalData => "Data push larger than necessary",
        ScriptError.SigPushOnly => "Only push operators allowed in signatures",
        ScriptError.SigHighS => "Non-canonical signature: S value is unnecessarily high",
        ScriptError.SigNullDummy => "Dummy CHECKMULTISIG argument must be zero",
        ScriptError.SigNullFail => "Signature must be zero for failed CHECK(MULTI)SIG operation",
        ScriptError.PubkeyType => "Public key is neither compressed or uncompressed",
        ScriptError.CleanStack => "Stack size must be exactly one after execution",
        ScriptError.DiscourageUpgradableNops => "NOPx reserved for soft-fork upgrades",
        ScriptError.OpCodeSeparator => "Using OP_CODESEPARATOR",
        ScriptError.SigFindAndDelete => "Signature is found in scriptCode",
        _ => "unknown error",
    };
}
