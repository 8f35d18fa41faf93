using System.Collections.Immutable;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Scripts;

/// <summary>Builds the standard scripts and recognizes them.</summary>
public static class ScriptTemplates
{
    private const int CompressedKeySize = 33;
    private const int UncompressedKeySize = 65;

    /// <summary>Core's name of a form, as RPC replies have it under <c>type</c>.</summary>
    public static string Name(ScriptKind kind) => kind switch
    {
        ScriptKind.PubKey => "pubkey",
        ScriptKind.PubKeyHash => "pubkeyhash",
        ScriptKind.ScriptHash => "scripthash",
        ScriptKind.Multisig => "multisig",
        ScriptKind.NullData => "nulldata",
        _ => "nonstandard",
    };

    /// <summary>A public key and OP_CHECKSIG.</summary>
    public static Script PayToPubKey(ReadOnlySpan<byte> publicKey) =>
        new ScriptBuilder().Push(publicKey).Op(Opcode.CheckSig).Build();

    /// <summary>Pays the hash of a public key: 25 bytes.</summary>
    public static Script PayToPubKeyHash(Hash160 keyId)
    {
        var bytes = new byte[25];
        bytes[0] = (byte)Opcode.Dup;
        bytes[1] = (byte)Opcode.Hash160;
        bytes[2] = Hash160.Size;
        keyId.CopyTo(bytes.AsSpan(3));
        bytes[23] = (byte)Opcode.EqualVerify;
        bytes[24] = (byte)Opcode.CheckSig;
        return Script.Own(bytes);
    }

    /// <summary>Pays the hash of a script: 23 bytes.</summary>
    public static Script PayToScriptHash(Hash160 scriptId)
    {
        var bytes = new byte[23];
        bytes[0] = (byte)Opcode.Hash160;
        bytes[1] = Hash160.Size;
        scriptId.CopyTo(bytes.AsSpan(2));
        bytes[22] = (byte)Opcode.Equal;
        return Script.Own(bytes);
    }

    /// <summary>Pays the hash of <paramref name="redeemScript"/>.</summary>
    public static Script PayToScriptHash(Script redeemScript)
    {
        ArgumentNullException.ThrowIfNull(redeemScript);
        return PayToScriptHash(Hashes.Hash160(redeemScript.Span));
    }

    /// <summary><paramref name="required"/> of the given public keys, in their order.</summary>
    public static Script Multisig(int required, IEnumerable<ReadOnlyMemory<byte>> publicKeys)
    {
        ArgumentNullException.ThrowIfNull(publicKeys);
        var builder = new ScriptBuilder().Number(required);
        var count = 0;
        foreach (var key in publicKeys)
        {
            builder.Push(key.Span);
            count++;
        }

        return builder.Number(count).Op(Opcode.CheckMultiSig).Build();
    }

    /// <summary>OP_RETURN and one push of <paramref name="data"/>.</summary>
    public static Script NullData(ReadOnlySpan<byte> data) => new ScriptBuilder().Op(Opcode.Return).Push(data).Build();

    /// <summary>Which standard form a script has, and what it holds.</summary>
    public static ScriptSolution Solve(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var bytes = script.Span;
        if (script.IsPayToScriptHash)
        {
            return new ScriptSolution(ScriptKind.ScriptHash, [script.Memory.Slice(2, Hash160.Size)]);
        }

        if (bytes.IsEmpty)
        {
            return ScriptSolution.NonStandard;
        }

        if (bytes[0] == (byte)Opcode.Return && IsPushOnly(bytes[1..]))
        {
            return ScriptSolution.NullData;
        }

        if (IsPayToPubKey(bytes))
        {
            return new ScriptSolution(ScriptKind.PubKey, [script.Memory[1..^1]]);
        }

        if (IsPayToPubKeyHash(bytes))
        {
            return new ScriptSolution(ScriptKind.PubKeyHash, [script.Memory.Slice(3, Hash160.Size)]);
        }

        return TrySolveMultisig(script, out var multisig) ? multisig : ScriptSolution.NonStandard;
    }

    /// <summary>Exactly OP_DUP OP_HASH160, 20 bytes, OP_EQUALVERIFY OP_CHECKSIG.</summary>
    public static bool IsPayToPubKeyHash(ReadOnlySpan<byte> script) =>
        script.Length == 25
        && script[0] == (byte)Opcode.Dup
        && script[1] == (byte)Opcode.Hash160
        && script[2] == Hash160.Size
        && script[23] == (byte)Opcode.EqualVerify
        && script[24] == (byte)Opcode.CheckSig;

    private static bool IsPayToPubKey(ReadOnlySpan<byte> script) =>
        script.Length is CompressedKeySize + 2 or UncompressedKeySize + 2
        && script[0] == script.Length - 2
        && script[^1] == (byte)Opcode.CheckSig
        && HasKeySize(script[1..^1]);

    private static bool TrySolveMultisig(Script script, out ScriptSolution solution)
    {
        solution = ScriptSolution.NonStandard;
        if (script.Span[^1] != (byte)Opcode.CheckMultiSig)
        {
            return false;
        }

        var ops = script.Ops();
        if (!ops.TryRead(out var op, out var data) || !TryReadKeyCount(op, data, out var required))
        {
            return false;
        }

        var keys = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (true)
        {
            if (!ops.TryRead(out op, out data))
            {
                return false;
            }

            if (!HasKeySize(data))
            {
                break;
            }

            keys.Add(script.Memory.Slice(ops.Position - data.Length, data.Length));
        }

        if (!TryReadKeyCount(op, data, out var count)
            || keys.Count != count
            || count < required
            || ops.Position != script.Length - 1)
        {
            return false;
        }

        solution = new ScriptSolution(ScriptKind.Multisig, keys.ToImmutable(), required);
        return true;
    }

    private static bool TryReadKeyCount(Opcode op, ReadOnlySpan<byte> data, out int count)
    {
        count = 0;
        if (op is >= Opcode.Op1 and <= Opcode.Op16)
        {
            count = op - Opcode.Op1 + 1;
            return true;
        }

        // Counts above 16 are pushed as numbers.
        if (op is Opcode.Op0 or > Opcode.PushData4
            || !Interpreter.IsMinimalPush(data, op)
            || !ScriptNumber.TryDecode(data, requireMinimal: true, ScriptNumber.DefaultMaxSize, out var value))
        {
            return false;
        }

        count = ScriptNumber.Clamp(value);
        return count is >= 1 and <= Script.MaxKeysPerMultisig;
    }

    // By the first byte a public key says how long it is; nothing else about it is looked at here.
    private static bool HasKeySize(ReadOnlySpan<byte> key) => !key.IsEmpty && key[0] switch
    {
        2 or 3 => key.Length == CompressedKeySize,
        4 or 6 or 7 => key.Length == UncompressedKeySize,
        _ => false,
    };

    private static bool IsPushOnly(ReadOnlySpan<byte> script)
    {
        var ops = new ScriptReader(script);
        while (ops.TryRead(out var op, out _))
        {
            if (op > Opcode.Op16)
            {
                return false;
            }
        }

        return ops.IsAtEnd;
    }
}
