using System.Globalization;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Tests.Scripts;

/// <summary>Reads scripts, flags and errors as the public JSON vectors write them.</summary>
internal static class CoreScriptText
{
    private static readonly Dictionary<string, Opcode> Opcodes = CreateOpcodes();

    private static readonly Dictionary<string, ScriptFlags> Flags = new(StringComparer.Ordinal)
    {
        ["P2SH"] = ScriptFlags.P2sh,
        ["STRICTENC"] = ScriptFlags.StrictEncoding,
        ["DERSIG"] = ScriptFlags.DerSignatures,
        ["LOW_S"] = ScriptFlags.LowS,
        ["SIGPUSHONLY"] = ScriptFlags.SigPushOnly,
        ["MINIMALDATA"] = ScriptFlags.MinimalData,
        ["NULLDUMMY"] = ScriptFlags.NullDummy,
        ["DISCOURAGE_UPGRADABLE_NOPS"] = ScriptFlags.DiscourageUpgradableNops,
        ["CLEANSTACK"] = ScriptFlags.CleanStack,
        ["NULLFAIL"] = ScriptFlags.NullFail,
        ["CHECKLOCKTIMEVERIFY"] = ScriptFlags.CheckLockTimeVerify,
        ["CHECKSEQUENCEVERIFY"] = ScriptFlags.CheckSequenceVerify,
        ["CONST_SCRIPTCODE"] = ScriptFlags.ConstScriptCode,
    };

    private static readonly Dictionary<string, ScriptError> OddErrorNames = new(StringComparer.Ordinal)
    {
        ["NULLFAIL"] = ScriptError.SigNullFail,
        ["SPLIT_RANGE"] = ScriptError.InvalidSplitRange,
        ["OPERAND_SIZE"] = ScriptError.InvalidOperandSize,
        ["MINIMALDATA"] = ScriptError.MinimalData,
    };

    /// <summary>All flags the vectors know.</summary>
    public static ScriptFlags AllFlags => Flags.Values.Aggregate((left, right) => left | right);

    public static IEnumerable<ScriptFlags> EachFlag => Flags.Values;

    public static ScriptFlags ParseFlags(string text) =>
        text is "" or "NONE"
            ? ScriptFlags.None
            : text.Split(',').Select(word => Flags[word]).Aggregate((left, right) => left | right);

    public static ScriptError ParseError(string text) =>
        OddErrorNames.TryGetValue(text, out var error)
            ? error
            : Enum.Parse<ScriptError>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    public static Script ParseScript(string text)
    {
        var builder = new ScriptBuilder();
        foreach (var word in text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                builder.Number(number);
            }
            else if (word.StartsWith("0x", StringComparison.Ordinal))
            {
                builder.Raw(Hex.Decode(word[2..]));
            }
            else if (word.Length >= 2 && word[0] == '\'' && word[^1] == '\'')
            {
                builder.Push(System.Text.Encoding.ASCII.GetBytes(word[1..^1]));
            }
            else
            {
                builder.Op(Opcodes[word]);
            }
        }

        return builder.Build();
    }

    private static Dictionary<string, Opcode> CreateOpcodes()
    {
        var result = new Dictionary<string, Opcode>(StringComparer.Ordinal);
        foreach (var op in Enum.GetValues<Opcode>())
        {
            var name = OpcodeNames.Of(op);
            result[name] = op;
            if (name.StartsWith("OP_", StringComparison.Ordinal))
            {
                result[name[3..]] = op;
            }
        }

        result["NOP2"] = result["OP_NOP2"] = Opcode.CheckLockTimeVerify;
        result["NOP3"] = result["OP_NOP3"] = Opcode.CheckSequenceVerify;
        return result;
    }
}
