using System.Globalization;
using System.Text;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Scripts;

/// <summary>Scripts as people read them, in the form Core's replies have under <c>asm</c>.</summary>
public static class ScriptAssembly
{
    /// <summary>
    /// Operations by name, pushes of up to four bytes as numbers, longer ones as hex. With
    /// <paramref name="sighashDecode"/> what looks like a signature ends in its hash type, as <c>[ALL]</c>.
    /// </summary>
    public static string ToAsm(Script script, bool sighashDecode = false)
    {
        ArgumentNullException.ThrowIfNull(script);
        var text = new StringBuilder(script.Length * 2);
        var decode = sighashDecode && !script.IsUnspendable;
        var ops = script.Ops();
        while (ops.TryRead(out var op, out var data))
        {
            if (text.Length > 0)
            {
                text.Append(' ');
            }

            if (op > Opcode.PushData4)
            {
                text.Append(OpcodeNames.Of(op));
            }
            else
            {
                AppendPush(text, data, decode);
            }
        }

        if (!ops.IsAtEnd)
        {
            text.Append(text.Length > 0 ? " [error]" : "[error]");
        }

        return text.ToString();
    }

    /// <summary>The name of a hash type Core knows: <c>ALL</c>, <c>NONE|ANYONECANPAY</c>; empty for others.</summary>
    public static string NameOf(SigHashType type)
    {
        var name = (type & ~SigHashType.AnyoneCanPay) switch
        {
            SigHashType.All => "ALL",
            SigHashType.None => "NONE",
            SigHashType.Single => "SINGLE",
            _ => "",
        };
        return name.Length > 0 && (type & SigHashType.AnyoneCanPay) != 0 ? name + "|ANYONECANPAY" : name;
    }

    private static void AppendPush(StringBuilder text, ReadOnlySpan<byte> data, bool decode)
    {
        if (data.Length <= ScriptNumber.DefaultMaxSize)
        {
            ScriptNumber.TryDecode(data, requireMinimal: false, ScriptNumber.DefaultMaxSize, out var number);
            text.Append(CultureInfo.InvariantCulture, $"{number}");
        }
        else if (decode && SignatureEncoding.Check(data, ScriptFlags.StrictEncoding) == ScriptError.Ok)
        {
            text.Append(Hex.Encode(data[..^1])).Append('[').Append(NameOf((SigHashType)data[^1])).Append(']');
        }
        else
        {
            text.Append(Hex.Encode(data));
        }
    }
}
