using System.Security.Cryptography;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Scripts;

// Operations on bytes, numbers and hashes.
internal ref partial struct ScriptMachine
{
    // DIP20, and OP_SIZE which always was.
    private readonly ScriptError Splice(Opcode op)
    {
        if (Needs(op is Opcode.Size or Opcode.Bin2Num ? 1 : 2) is { } error)
        {
            return error;
        }

        switch (op)
        {
            case Opcode.Size:
                _stack.Push((long)_stack.Top().Length);
                return ScriptError.Ok;
            case Opcode.Bin2Num:
                var shortest = ScriptNumber.Minimize(_stack.Pop());
                _stack.Push(shortest);
                return shortest.Length > ScriptNumber.DefaultMaxSize
                    ? ScriptError.InvalidNumberRange
                    : ScriptError.Ok;
            case Opcode.Num2Bin:
                return NumberToBytes();
            case Opcode.Cat:
                if (_stack.Top(2).Length + _stack.Top().Length > Script.MaxElementSize)
                {
                    return ScriptError.PushSize;
                }

                var tail = _stack.Pop();
                _stack.Push([.. _stack.Pop(), .. tail]);
                return ScriptError.Ok;
            default:
                if (!TryNumber(1, out var position))
                {
                    return ScriptError.UnknownError;
                }

                if (position < 0 || position > _stack.Top(2).Length)
                {
                    return ScriptError.InvalidSplitRange;
                }

                _stack.Drop(1);
                var whole = _stack.Pop();
                _stack.Push(whole[..(int)position]);
                _stack.Push(whole[(int)position..]);
                return ScriptError.Ok;
        }
    }

    private readonly ScriptError NumberToBytes()
    {
        if (!TryNumber(1, out var size))
        {
            return ScriptError.UnknownError;
        }

        if (size is < 0 or > Script.MaxElementSize)
        {
            return ScriptError.PushSize;
        }

        _stack.Drop(1);
        var number = ScriptNumber.Minimize(_stack.Pop());
        if (number.Length > size)
        {
            return ScriptError.ImpossibleEncoding;
        }

        if (number.Length < size)
        {
            // The sign moves to the last byte; zeros go between.
            var sign = number.Length > 0 ? (byte)(number[^1] & 0x80) : (byte)0;
            var length = number.Length;
            Array.Resize(ref number, (int)size);
            if (length > 0)
            {
                number[length - 1] &= 0x7f;
            }

            number[^1] = sign;
        }

        _stack.Push(number);
        return ScriptError.Ok;
    }

    private readonly ScriptError Bitwise(Opcode op)
    {
        if (Needs(2) is { } error)
        {
            return error;
        }

        var right = _stack.Top();
        var left = _stack.Top(2);
        if (left.Length != right.Length)
        {
            return ScriptError.InvalidOperandSize;
        }

        var result = new byte[left.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)(op switch
            {
                Opcode.And => left[i] & right[i],
                Opcode.Or => left[i] | right[i],
                _ => left[i] ^ right[i],
            });
        }

        _stack.Drop(2);
        _stack.Push(result);
        return ScriptError.Ok;
    }

    private readonly ScriptError Equal(Opcode op)
    {
        if (Needs(2) is { } error)
        {
            return error;
        }

        var isEqual = _stack.Pop().AsSpan().SequenceEqual(_stack.Pop());
        _stack.Push(isEqual);
        return op == Opcode.EqualVerify ? Verified(ScriptError.EqualVerify) : ScriptError.Ok;
    }

    private readonly ScriptError Unary(Opcode op)
    {
        if (Needs(1) is { } error)
        {
            return error;
        }

        if (!TryNumber(1, out var value))
        {
            return ScriptError.UnknownError;
        }

        _stack.Drop(1);
        _stack.Push(op switch
        {
            Opcode.OneAdd => value + 1,
            Opcode.OneSub => value - 1,
            Opcode.Negate => -value,
            Opcode.Abs => Math.Abs(value),
            Opcode.Not => value == 0 ? 1L : 0L,
            _ => value != 0 ? 1L : 0L,
        });
        return ScriptError.Ok;
    }

    private readonly ScriptError Binary(Opcode op)
    {
        if (Needs(2) is { } error)
        {
            return error;
        }

        if (!TryNumber(2, out var left) || !TryNumber(1, out var right))
        {
            return ScriptError.UnknownError;
        }

        if (right == 0 && (op is Opcode.Div or Opcode.Mod))
        {
            return op == Opcode.Div ? ScriptError.DivByZero : ScriptError.ModByZero;
        }

        _stack.Drop(2);
        _stack.Push(op switch
        {
            Opcode.Add => left + right,
            Opcode.Sub => left - right,
            Opcode.Div => left / right,
            Opcode.Mod => left % right,
            Opcode.Min => Math.Min(left, right),
            Opcode.Max => Math.Max(left, right),
            _ => Compare(op, left, right) ? 1L : 0L,
        });
        return op == Opcode.NumEqualVerify ? Verified(ScriptError.NumEqualVerify) : ScriptError.Ok;
    }

    private static bool Compare(Opcode op, long left, long right) => op switch
    {
        Opcode.BoolAnd => left != 0 && right != 0,
        Opcode.BoolOr => left != 0 || right != 0,
        Opcode.NumEqual or Opcode.NumEqualVerify => left == right,
        Opcode.NumNotEqual => left != right,
        Opcode.LessThan => left < right,
        Opcode.GreaterThan => left > right,
        Opcode.LessThanOrEqual => left <= right,
        _ => left >= right,
    };

    private readonly ScriptError Within()
    {
        if (Needs(3) is { } error)
        {
            return error;
        }

        if (!TryNumber(3, out var value) || !TryNumber(2, out var minimum) || !TryNumber(1, out var limit))
        {
            return ScriptError.UnknownError;
        }

        _stack.Drop(3);
        _stack.Push(minimum <= value && value < limit);
        return ScriptError.Ok;
    }

    private readonly ScriptError Hash(Opcode op)
    {
        if (Needs(1) is { } error)
        {
            return error;
        }

        var data = _stack.Pop();
        var hash = new byte[op is Opcode.Sha256 or Opcode.Hash256 ? Uint256.Size : Hash160.Size];
        switch (op)
        {
            case Opcode.Ripemd160:
                Hashes.Ripemd160(data, hash);
                break;
            case Opcode.Sha1:
#pragma warning disable CA5350 // the operation is SHA-1
                SHA1.HashData(data, hash);
#pragma warning restore CA5350
                break;
            case Opcode.Sha256:
                Hashes.Sha256(data, hash);
                break;
            case Opcode.Hash160:
                Hashes.Hash160(data).CopyTo(hash);
                break;
            default:
                Hashes.Sha256d(data, hash);
                break;
        }

        _stack.Push(hash);
        return ScriptError.Ok;
    }
}
