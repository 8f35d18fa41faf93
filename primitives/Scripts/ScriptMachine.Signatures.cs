using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Scripts;

// Operations that check signatures.
internal ref partial struct ScriptMachine
{
    private readonly ScriptError CheckSig(Opcode op)
    {
        if (Needs(2) is { } error)
        {
            return error;
        }

        var signature = _stack.Top(2);
        var publicKey = _stack.Top();
        var code = ScriptCode.Without(_script[_codeStart..], signature, out var isFound);
        if (isFound && (_flags & ScriptFlags.ConstScriptCode) != 0)
        {
            return ScriptError.SigFindAndDelete;
        }

        var encoding = CheckEncoding(signature, publicKey);
        if (encoding != ScriptError.Ok)
        {
            return encoding;
        }

        var isGood = signature.Length > 0 && _checker.CheckSignature(signature, publicKey, code);
        if (!isGood && signature.Length > 0 && (_flags & ScriptFlags.NullFail) != 0)
        {
            return ScriptError.SigNullFail;
        }

        _stack.Drop(2);
        _stack.Push(isGood);
        return op == Opcode.CheckSigVerify ? Verified(ScriptError.CheckSigVerify) : ScriptError.Ok;
    }

    // DIP20: a signature of any message on the stack, hashed once, without hash type.
    private readonly ScriptError CheckDataSig(Opcode op)
    {
        if (Needs(3) is { } error)
        {
            return error;
        }

        var signature = _stack.Top(3);
        var message = _stack.Top(2);
        var publicKey = _stack.Top();
        var encoding = CheckEncoding(signature, publicKey);
        if (encoding != ScriptError.Ok)
        {
            return encoding;
        }

        var isGood = signature.Length > 0
            && PublicKey.TryParse(publicKey, out var key)
            && key.Verify(Hashes.Sha256(message), signature);
        if (!isGood && signature.Length > 0 && (_flags & ScriptFlags.NullFail) != 0)
        {
            return ScriptError.SigNullFail;
        }

        _stack.Drop(3);
        _stack.Push(isGood);
        return op == Opcode.CheckDataSigVerify ? Verified(ScriptError.CheckDataSigVerify) : ScriptError.Ok;
    }

    // Stack, top last: one element too many, signatures, their count, keys, their count.
    private ScriptError CheckMultiSig(Opcode op)
    {
        if (Needs(1) is { } error)
        {
            return error;
        }

        if (!TryNumber(1, out var keys))
        {
            return ScriptError.UnknownError;
        }

        if (keys is < 0 or > Script.MaxKeysPerMultisig)
        {
            return ScriptError.PubkeyCount;
        }

        var keyCount = (int)keys;
        _opCount += keyCount;
        if (_opCount > Interpreter.MaxOpsPerScript)
        {
            return ScriptError.OpCount;
        }

        if (Needs(keyCount + 2) is { } tooFewKeys)
        {
            return tooFewKeys;
        }

        if (!TryNumber(keyCount + 2, out var signatures))
        {
            return ScriptError.UnknownError;
        }

        if (signatures < 0 || signatures > keyCount)
        {
            return ScriptError.SigCount;
        }

        var signatureCount = (int)signatures;
        var arguments = keyCount + signatureCount + 2;
        if (Needs(arguments) is { } tooFewSignatures)
        {
            return tooFewSignatures;
        }

        var firstSignature = keyCount + 3;
        var result = MatchSignatures(firstSignature, signatureCount, keyCount, out var isGood);
        if (result != ScriptError.Ok)
        {
            return result;
        }

        if (!isGood && (_flags & ScriptFlags.NullFail) != 0)
        {
            for (var i = 0; i < signatureCount; i++)
            {
                if (_stack.Top(firstSignature + i).Length > 0)
                {
                    return ScriptError.SigNullFail;
                }
            }
        }

        _stack.Drop(arguments);
        if (Needs(1) is { } noDummy)
        {
            return noDummy;
        }

        // The operation always took one element too many; it can be anything unless the flag forbids it.
        if (_stack.Pop().Length > 0 && (_flags & ScriptFlags.NullDummy) != 0)
        {
            return ScriptError.SigNullDummy;
        }

        _stack.Push(isGood);
        return op == Opcode.CheckMultiSigVerify ? Verified(ScriptError.CheckMultisigVerify) : ScriptError.Ok;
    }

    // Signatures must be in the order of the keys: each key is tried once, against the next signature.
    private readonly ScriptError MatchSignatures(int signature, int signaturesLeft, int keysLeft, out bool isGood)
    {
        isGood = false;
        var code = _script[_codeStart..];
        for (var i = 0; i < signaturesLeft; i++)
        {
            code = ScriptCode.Without(code, _stack.Top(signature + i), out var isFound);
            if (isFound && (_flags & ScriptFlags.ConstScriptCode) != 0)
            {
                return ScriptError.SigFindAndDelete;
            }
        }

        for (var key = 2; signaturesLeft > 0; key++, keysLeft--)
        {
            if (signaturesLeft > keysLeft)
            {
                return ScriptError.Ok;
            }

            var candidate = _stack.Top(signature);
            var publicKey = _stack.Top(key);
            var encoding = CheckEncoding(candidate, publicKey);
            if (encoding != ScriptError.Ok)
            {
                return encoding;
            }

            if (candidate.Length > 0 && _checker.CheckSignature(candidate, publicKey, code))
            {
                signature++;
                signaturesLeft--;
            }
        }

        isGood = true;
        return ScriptError.Ok;
    }

    private readonly ScriptError CheckEncoding(byte[] signature, byte[] publicKey)
    {
        var error = SignatureEncoding.Check(signature, _flags);
        return error != ScriptError.Ok ? error : SignatureEncoding.CheckPublicKey(publicKey, _flags);
    }
}
