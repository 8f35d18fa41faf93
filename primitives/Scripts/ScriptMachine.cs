namespace Dash.Primitives.Scripts;

/// <summary>One run of one script on a stack.</summary>
internal ref partial struct ScriptMachine
{
    // CHECKLOCKTIMEVERIFY and CHECKSEQUENCEVERIFY compare unsigned 32-bit numbers, which take five bytes on the stack.
    private const int LockNumberMaxSize = 5;
    private const long SequenceDisableFlag = 1L << 31;

    private readonly ScriptStack _stack;
    private readonly ScriptStack _altStack = new([]);
    private readonly ReadOnlySpan<byte> _script;
    private readonly ScriptFlags _flags;
    private readonly ISignatureChecker _checker;
    private ScriptReader _reader;
    private ScriptConditions _conditions;
    private int _opCount;
    private int _codeStart;

    public ScriptMachine(
        ScriptStack stack, ReadOnlySpan<byte> script, ScriptFlags flags, ISignatureChecker checker)
    {
        _stack = stack;
        _script = script;
        _flags = flags;
        _checker = checker;
        _reader = new ScriptReader(script);
    }

    private readonly bool RequireMinimal => (_flags & ScriptFlags.MinimalData) != 0;

    public ScriptError Run()
    {
        if (_script.Length > Script.MaxSize)
        {
            return ScriptError.ScriptSize;
        }

        while (!_reader.IsAtEnd)
        {
            var error = Step();
            if (error != ScriptError.Ok)
            {
                return error;
            }

            if (_stack.Count + _altStack.Count > Interpreter.MaxStackSize)
            {
                return ScriptError.StackSize;
            }
        }

        return _conditions.IsEmpty ? ScriptError.Ok : ScriptError.UnbalancedConditional;
    }

    private ScriptError Step()
    {
        var isTaken = _conditions.AllTaken;
        if (!_reader.TryRead(out var op, out var data))
        {
            return ScriptError.BadOpcode;
        }

        if (data.Length > Script.MaxElementSize)
        {
            return ScriptError.PushSize;
        }

        // OP_RESERVED does not count.
        if (op > Opcode.Op16 && ++_opCount > Interpreter.MaxOpsPerScript)
        {
            return ScriptError.OpCount;
        }

        // Refused even where they are not run (CVE-2010-5137).
        if (op is Opcode.Invert or Opcode.TwoMul or Opcode.TwoDiv or Opcode.Mul or Opcode.LShift or Opcode.RShift)
        {
            return ScriptError.DisabledOpcode;
        }

        if (op == Opcode.CodeSeparator && (_flags & ScriptFlags.ConstScriptCode) != 0)
        {
            return ScriptError.OpCodeSeparator;
        }

        if (isTaken && op <= Opcode.PushData4)
        {
            if (RequireMinimal && !Interpreter.IsMinimalPush(data, op))
            {
                return ScriptError.MinimalData;
            }

            _stack.Push(data.ToArray());
            return ScriptError.Ok;
        }

        return isTaken || op is >= Opcode.If and <= Opcode.EndIf ? Execute(op, isTaken) : ScriptError.Ok;
    }

    private ScriptError Execute(Opcode op, bool isTaken)
    {
        switch (op)
        {
            case Opcode.Op1Negate or (>= Opcode.Op1 and <= Opcode.Op16):
                _stack.Push((long)op - ((long)Opcode.Op1 - 1));
                return ScriptError.Ok;
            case Opcode.Nop:
                return ScriptError.Ok;
            case Opcode.Nop1 or (>= Opcode.Nop4 and <= Opcode.Nop10):
                return (_flags & ScriptFlags.DiscourageUpgradableNops) != 0
                    ? ScriptError.DiscourageUpgradableNops
                    : ScriptError.Ok;
            case Opcode.CheckLockTimeVerify:
                return CheckLockTimeVerify();
            case Opcode.CheckSequenceVerify:
                return CheckSequenceVerify();
            case Opcode.If or Opcode.NotIf or Opcode.Else or Opcode.EndIf:
                return Branch(op, isTaken);
            case Opcode.Verify:
                return Needs(1) ?? Verified(ScriptError.Verify);
            case Opcode.Return:
                return ScriptError.OpReturn;
            case >= Opcode.ToAltStack and <= Opcode.Tuck:
                return Arrange(op);
            case Opcode.Cat or Opcode.Split or Opcode.Num2Bin or Opcode.Bin2Num or Opcode.Size:
                return Splice(op);
            case Opcode.And or Opcode.Or or Opcode.Xor:
                return Bitwise(op);
            case Opcode.Equal or Opcode.EqualVerify:
                return Equal(op);
            case Opcode.OneAdd or Opcode.OneSub or (>= Opcode.Negate and <= Opcode.ZeroNotEqual):
                return Unary(op);
            case (>= Opcode.Add and <= Opcode.Mod) or (>= Opcode.BoolAnd and <= Opcode.Max):
                return Binary(op);
            case Opcode.Within:
                return Within();
            case >= Opcode.Ripemd160 and <= Opcode.Hash256:
                return Hash(op);
            case Opcode.CodeSeparator:
                _codeStart = _reader.Position;
                return ScriptError.Ok;
            case Opcode.CheckSig or Opcode.CheckSigVerify:
                return CheckSig(op);
            case Opcode.CheckDataSig or Opcode.CheckDataSigVerify:
                return CheckDataSig(op);
            case Opcode.CheckMultiSig or Opcode.CheckMultiSigVerify:
                return CheckMultiSig(op);
            default:
                return ScriptError.BadOpcode;
        }
    }

    private readonly ScriptError? Needs(int count) =>
        _stack.Count < count ? ScriptError.InvalidStackOperation : null;

    // Takes a true element off the stack, or fails the script.
    private readonly ScriptError Verified(ScriptError failure)
    {
        if (!ScriptStack.IsTrue(_stack.Top()))
        {
            return failure;
        }

        _stack.Drop(1);
        return ScriptError.Ok;
    }

    // An operand that is no number ends the run with the error Core has for exceptions.
    private readonly bool TryNumber(int depth, out long value, int maxSize = ScriptNumber.DefaultMaxSize) =>
        ScriptNumber.TryDecode(_stack.Top(depth), RequireMinimal, maxSize, out value);

    private readonly ScriptError CheckLockTimeVerify()
    {
        if ((_flags & ScriptFlags.CheckLockTimeVerify) == 0)
        {
            return ScriptError.Ok; // still OP_NOP2
        }

        if (Needs(1) is { } error)
        {
            return error;
        }

        if (!TryNumber(1, out var lockTime, LockNumberMaxSize))
        {
            return ScriptError.UnknownError;
        }

        if (lockTime < 0)
        {
            return ScriptError.NegativeLocktime;
        }

        return _checker.CheckLockTime(lockTime) ? ScriptError.Ok : ScriptError.UnsatisfiedLocktime;
    }

    private readonly ScriptError CheckSequenceVerify()
    {
        if ((_flags & ScriptFlags.CheckSequenceVerify) == 0)
        {
            return ScriptError.Ok; // still OP_NOP3
        }

        if (Needs(1) is { } error)
        {
            return error;
        }

        if (!TryNumber(1, out var sequence, LockNumberMaxSize))
        {
            return ScriptError.UnknownError;
        }

        if (sequence < 0)
        {
            return ScriptError.NegativeLocktime;
        }

        return (sequence & SequenceDisableFlag) != 0 || _checker.CheckSequence(sequence)
            ? ScriptError.Ok
            : ScriptError.UnsatisfiedLocktime;
    }

    private ScriptError Branch(Opcode op, bool isTaken)
    {
        if (op is Opcode.If or Opcode.NotIf)
        {
            var condition = false;
            if (isTaken)
            {
                if (_stack.Count < 1)
                {
                    return ScriptError.UnbalancedConditional;
                }

                condition = ScriptStack.IsTrue(_stack.Pop()) == (op == Opcode.If);
            }

            _conditions.Enter(condition);
            return ScriptError.Ok;
        }

        if (_conditions.IsEmpty)
        {
            return ScriptError.UnbalancedConditional;
        }

        if (op == Opcode.Else)
        {
            _conditions.Turn();
        }
        else
        {
            _conditions.Leave();
        }

        return ScriptError.Ok;
    }

    private readonly ScriptError Arrange(Opcode op)
    {
        var needed = op switch
        {
            Opcode.TwoRot => 6,
            Opcode.TwoOver or Opcode.TwoSwap => 4,
            Opcode.ThreeDup or Opcode.Rot => 3,
            Opcode.TwoDrop or Opcode.TwoDup or Opcode.Nip or Opcode.Over or Opcode.Pick or Opcode.Roll
                or Opcode.Swap or Opcode.Tuck => 2,
            Opcode.Depth or Opcode.FromAltStack => 0,
            _ => 1,
        };
        if (Needs(needed) is { } error)
        {
            return error;
        }

        switch (op)
        {
            case Opcode.ToAltStack:
                _altStack.Push(_stack.Pop());
                break;
            case Opcode.FromAltStack when _altStack.Count < 1:
                return ScriptError.InvalidAltstackOperation;
            case Opcode.FromAltStack:
                _stack.Push(_altStack.Pop());
                break;
            case Opcode.TwoDrop:
                _stack.Drop(2);
                break;
            case Opcode.TwoDup:
                Repeat(times: 2, copyOf: 2);
                break;
            case Opcode.ThreeDup:
                Repeat(times: 3, copyOf: 3);
                break;
            case Opcode.TwoOver:
                Repeat(times: 2, copyOf: 4);
                break;
            case Opcode.TwoRot:
                _stack.Raise(6);
                _stack.Raise(6);
                break;
            case Opcode.TwoSwap:
                _stack.Raise(4);
                _stack.Raise(4);
                break;
            case Opcode.IfDup:
                if (ScriptStack.IsTrue(_stack.Top()))
                {
                    _stack.PushCopyOf(1);
                }

                break;
            case Opcode.Depth:
                _stack.Push((long)_stack.Count);
                break;
            case Opcode.Drop:
                _stack.Drop(1);
                break;
            case Opcode.Dup:
                _stack.PushCopyOf(1);
                break;
            case Opcode.Nip:
                _stack.RemoveAt(2);
                break;
            case Opcode.Over:
                _stack.PushCopyOf(2);
                break;
            case Opcode.Pick or Opcode.Roll:
                return PickOrRoll(op);
            case Opcode.Rot:
                _stack.Raise(3);
                break;
            case Opcode.Swap:
                _stack.Raise(2);
                break;
            case Opcode.Tuck:
                _stack.Tuck();
                break;
        }

        return ScriptError.Ok;
    }

    private readonly void Repeat(int times, int copyOf)
    {
        for (var i = 0; i < times; i++)
        {
            _stack.PushCopyOf(copyOf);
        }
    }

    private readonly ScriptError PickOrRoll(Opcode op)
    {
        if (!TryNumber(1, out var depth))
        {
            return ScriptError.UnknownError;
        }

        _stack.Drop(1);
        if (depth < 0 || depth >= _stack.Count)
        {
            return ScriptError.InvalidStackOperation;
        }

        if (op == Opcode.Pick)
        {
            _stack.PushCopyOf((int)depth + 1);
        }
        else
        {
            _stack.Raise((int)depth + 1);
        }

        return ScriptError.Ok;
    }
}
