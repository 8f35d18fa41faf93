using System.Globalization;
using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>How numbers are called in C# and in the layout's readers and builders.</summary>
internal static class Scalars
{
    /// <summary>The C# keyword, and the suffix of Get and Set.</summary>
    public static (string Type, string Accessor) Of(TypeKind kind) => kind switch
    {
        TypeKind.Bool => ("bool", "Bool"),
        TypeKind.Int8 => ("sbyte", "SByte"),
        TypeKind.Int16 => ("short", "Int16"),
        TypeKind.Int32 => ("int", "Int32"),
        TypeKind.Int64 => ("long", "Int64"),
        TypeKind.UInt8 => ("byte", "Byte"),
        TypeKind.UInt16 or TypeKind.Enum => ("ushort", "UInt16"),
        TypeKind.UInt32 => ("uint", "UInt32"),
        TypeKind.UInt64 => ("ulong", "UInt64"),
        TypeKind.Float32 => ("float", "Single"),
        TypeKind.Float64 => ("double", "Double"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The mask argument of a getter or setter, with its comma; nothing if the default is zero.</summary>
    public static string Mask(SchemaValue? value) =>
        value is null || value.Bits == 0 ? "" : ", " + MaskLiteral(value);

    /// <summary>How a list of such elements is stored.</summary>
    public static string ElementSize(TypeKind kind) => "ElementSize." + kind switch
    {
        TypeKind.Void => "Void",
        TypeKind.Bool => "Bit",
        TypeKind.Int8 or TypeKind.UInt8 => "Byte",
        TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Enum => "TwoBytes",
        TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Float32 => "FourBytes",
        TypeKind.Int64 or TypeKind.UInt64 or TypeKind.Float64 => "EightBytes",
        TypeKind.Struct => "Composite",
        _ => "Pointer",
    };

    /// <summary>A constant's value in C#.</summary>
    public static string Literal(SchemaValue value) => value.Kind switch
    {
        TypeKind.Float32 => Float(BitConverter.UInt32BitsToSingle((uint)value.Bits)),
        TypeKind.Float64 => Double(BitConverter.UInt64BitsToDouble(value.Bits)),
        TypeKind.Text => Text(value.Pointer.GetText()),
        _ => MaskLiteral(value),
    };

    /// <summary>A string literal.</summary>
    public static string Text(string text) => "\"" + string.Concat(text.Select(c => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        < ' ' or > '~' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    })) + "\"";

    private static string MaskLiteral(SchemaValue value) => value.Kind switch
    {
        TypeKind.Bool => value.Bits != 0 ? "true" : "false",
        TypeKind.Int8 => Number((sbyte)value.Bits),
        TypeKind.Int16 => Number((short)value.Bits),
        TypeKind.Int32 => Number((int)value.Bits),
        TypeKind.Int64 => value.Bits == 1UL << 63 ? "long.MinValue" : Number((long)value.Bits),
        TypeKind.Float32 => $"0x{value.Bits:x8}",
        TypeKind.Float64 => $"0x{value.Bits:x16}",
        _ => Number(value.Bits),
    };

    private static string Float(float number) => float.IsFinite(number)
        ? number.ToString("R", CultureInfo.InvariantCulture) + "f"
        : float.IsNaN(number) ? "float.NaN" : number > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";

    private static string Double(double number) => double.IsFinite(number)
        ? number.ToString("R", CultureInfo.InvariantCulture) + "d"
        : double.IsNaN(number) ? "double.NaN" : number > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
