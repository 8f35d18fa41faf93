namespace Dash.Primitives.Scripts;

/// <summary>Why a script did not verify.</summary>
public enum ScriptError
{
    /// <summary>No error.</summary>
    Ok,

    /// <summary>unknown error.</summary>
    UnknownError,

    /// <summary>Script evaluated without error but finished with a false/empty top stack element.</summary>
    EvalFalse,

    /// <summary>OP_RETURN was encountered.</summary>
    OpReturn,

    /// <summary>Script is too big.</summary>
    ScriptSize,

    /// <summary>Push value size limit exceeded.</summary>
    PushSize,

    /// <summary>Operation limit exceeded.</summary>
    OpCount,

    /// <summary>Stack size limit exceeded.</summary>
    StackSize,

    /// <summary>Signature count negative or greater than pubkey count.</summary>
    SigCount,

    /// <summary>Pubkey count negative or limit exceeded.</summary>
    PubkeyCount,

    /// <summary>Script failed an OP_VERIFY operation.</summary>
    Verify,

    /// <summary>Script failed an OP_EQUALVERIFY operation.</summary>
    EqualVerify,

    /// <summary>Script failed an OP_CHECKMULTISIGVERIFY operation.</summary>
    CheckMultisigVerify,

    /// <summary>Script failed an OP_CHECKSIGVERIFY operation.</summary>
    CheckSigVerify,

    /// <summary>Script failed an OP_CHECKDATASIGVERIFY operation.</summary>
    CheckDataSigVerify,

    /// <summary>Script failed an OP_NUMEQUALVERIFY operation.</summary>
    NumEqualVerify,

    /// <summary>Opcode missing or not understood.</summary>
    BadOpcode,

    /// <summary>Attempted to use a disabled opcode.</summary>
    DisabledOpcode,

    /// <summary>Operation not valid with the current stack size.</summary>
    InvalidStackOperation,

    /// <summary>Operation not valid with the current altstack size.</summary>
    InvalidAltstackOperation,

    /// <summary>Invalid OP_IF construction.</summary>
    UnbalancedConditional,

    /// <summary>Invalid OP_SPLIT range.</summary>
    InvalidSplitRange,

    /// <summary>Invalid operand size.</summary>
    InvalidOperandSize,

    /// <summary>Given operand is not a number within the valid range [-2^31...2^31].</summary>
    InvalidNumberRange,

    /// <summary>The requested encoding is impossible to satisfy.</summary>
    ImpossibleEncoding,

    /// <summary>Division by zero error.</summary>
    DivByZero,

    /// <summary>Modulo by zero error.</summary>
    ModByZero,

    /// <summary>Negative locktime.</summary>
    NegativeLocktime,

    /// <summary>Locktime requirement not satisfied.</summary>
    UnsatisfiedLocktime,

    /// <summary>Signature hash type missing or not understood.</summary>
    SigHashtype,

    /// <summary>Non-canonical DER signature.</summary>
    SigDer,

    /// <summary>Data push larger than necessary.</summary>
    MinimalData,

    /// <summary>Only push operators allowed in signatures.</summary>
    SigPushOnly,

    /// <summary>Non-canonical signature: S value is unnecessarily high.</summary>
    SigHighS,

    /// <summary>Dummy CHECKMULTISIG argument must be zero.</summary>
    SigNullDummy,

    /// <summary>Signature must be zero for failed CHECK(MULTI)SIG operation.</summary>
    SigNullFail,

    /// <summary>Public key is neither compressed or uncompressed.</summary>
    PubkeyType,

    /// <summary>Stack size must be exactly one after execution.</summary>
    CleanStack,

    /// <summary>NOPx reserved for soft-fork upgrades.</summary>
    DiscourageUpgradableNops,

    /// <summary>Using OP_CODESEPARATOR.</summary>
    OpCodeSeparator,

    /// <summary>Signature is found in scriptCode.</summary>
    SigFindAndDelete,
}
