using System.Globalization;
using System.Text;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Parameters and results for <c>-debug=ipc</c>: <c>(after = (hash = 00ab…, height = 7), data = 1200 bytes)</c>. Numbers and
/// public hashes are shown, texts and lists begin to be, data and secrets never: only the schema can make a field visible.
/// </summary>
internal static class ArgumentText
{
    private const int MaxText = 40;
    private const int MaxElements = 4;
    private const int MaxLength = 400;
    private const int HashSize = 32;

    /// <summary>The fields of a struct; never throws, whatever the message is.</summary>
    internal static string Of(PointerReader pointer, IReadOnlyList<ProxyField> fields)
    {
        if (fields.Count == 0)
        {
            return "()";
        }

        var text = new StringBuilder();
        var limit = pointer.Limit;
        var left = limit?.Left ?? 0;
        try
        {
            AppendStruct(text, pointer.GetStruct(), fields);
        }
        catch (IpcFormatException)
        {
            text.Append("<ill-formed>"); // whoever reads it next says why
        }
        finally
        {
            if (limit is not null)
            {
                limit.Left = left; // what is shown costs the reader nothing
            }
        }

        return text.Length <= MaxLength ? text.ToString() : text.ToString(0, MaxLength) + "…";
    }

    private static void AppendStruct(StringBuilder text, StructReader data, IReadOnlyList<ProxyField> fields)
    {
        text.Append('(');
        for (var i = 0; i < fields.Count && text.Length <= MaxLength; i++)
        {
            var field = fields[i];
            text.Append(i > 0 ? ", " : "").Append(field.Name).Append(" = ");
            if (field.Kind >= ProxyFieldKind.Text)
            {
                AppendPointer(text, data.GetPointer(field.Offset), field);
            }
            else
            {
                AppendNumber(text, field.Kind, Bits(data, field));
            }
        }

        text.Append(')');
    }

    private static ulong Bits(StructReader data, ProxyField field) => field.Mask ^ field.Kind switch
    {
        ProxyFieldKind.Bool => data.GetBool(field.Offset) ? 1UL : 0,
        ProxyFieldKind.Int8 or ProxyFieldKind.UInt8 => data.GetByte(field.Offset),
        ProxyFieldKind.Int16 or ProxyFieldKind.UInt16 => data.GetUInt16(field.Offset),
        ProxyFieldKind.Int32 or ProxyFieldKind.UInt32 or ProxyFieldKind.Float32 => data.GetUInt32(field.Offset),
        _ => data.GetUInt64(field.Offset),
    };

    private static void AppendNumber(StringBuilder text, ProxyFieldKind kind, ulong bits) => _ = kind switch
    {
        ProxyFieldKind.Bool => text.Append(bits != 0 ? "true" : "false"),
        ProxyFieldKind.Int8 => text.Append((sbyte)bits),
        ProxyFieldKind.Int16 => text.Append((short)bits),
        ProxyFieldKind.Int32 => text.Append((int)bits),
        ProxyFieldKind.Int64 => text.Append((long)bits),
        ProxyFieldKind.Float32 => text.Append(CultureInfo.InvariantCulture, $"{BitConverter.UInt32BitsToSingle((uint)bits)}"),
        ProxyFieldKind.Float64 => text.Append(CultureInfo.InvariantCulture, $"{BitConverter.UInt64BitsToDouble(bits)}"),
        _ => text.Append(bits),
    };

    private static void AppendPointer(StringBuilder text, PointerReader pointer, ProxyField field)
    {
        if (field.Kind == ProxyFieldKind.Secret)
        {
            text.Append("***");
            return;
        }

        if (pointer.IsNull)
        {
            text.Append(field.Kind == ProxyFieldKind.Text ? "\"\"" : "none");
            return;
        }

        switch (field.Kind)
        {
            case ProxyFieldKind.Text:
                AppendText(text, pointer.GetList(ElementSize.Byte).RawBytes);
                break;
            case ProxyFieldKind.Data:
                text.Append(CultureInfo.InvariantCulture, $"{pointer.GetList(ElementSize.Byte).Count} bytes");
                break;
            case ProxyFieldKind.Hash:
                AppendHash(text, pointer.GetList(ElementSize.Byte).RawBytes);
                break;
            case ProxyFieldKind.Struct:
                AppendStruct(text, pointer.GetStruct(), field.Members);
                break;
            case ProxyFieldKind.List:
                AppendList(text, pointer, field);
                break;
            default:
                text.Append("object");
                break;
        }
    }

    private static void AppendList(StringBuilder text, PointerReader pointer, ProxyField field)
    {
        var list = pointer.GetList(ElementSize.Void); // of whatever
        text.Append('[');
        if (field.Members is [var element])
        {
            for (var i = 0; i < Math.Min(list.Count, MaxElements) && text.Length <= MaxLength; i++)
            {
                text.Append(i > 0 ? ", " : "");
                AppendElement(text, list, i, element);
            }
        }

        if (list.Count > MaxElements || field.Members.Count == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(field.Members.Count > 0 ? ", … " : "")}{list.Count} elements");
        }

        text.Append(']');
    }

    private static void AppendElement(StringBuilder text, ListReader list, int index, ProxyField element)
    {
        if (element.Kind >= ProxyFieldKind.Text && element.Kind != ProxyFieldKind.Struct)
        {
            AppendPointer(text, list.GetPointer(index), element);
        }
        else if (list.ElementSize == ElementSize.Bit)
        {
            text.Append(list.GetBool(index) ? "true" : "false");
        }
        else if (element.Kind == ProxyFieldKind.Struct)
        {
            AppendStruct(text, list.GetStruct(index), element.Members);
        }
        else
        {
            // The number is the struct's first field, whatever the list's elements are.
            AppendNumber(text, element.Kind, Bits(list.GetStruct(index), element));
        }
    }

    private static void AppendText(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.Length > 0 ? bytes[..^1] : bytes; // the NUL
        text.Append('"');
        foreach (var c in Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxText)]))
        {
            // Nothing that a terminal or a line would take for its own.
            _ = char.IsControl(c) || c is '"' or '\\' || char.GetUnicodeCategory(c) is UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : text.Append(c);
        }

        text.Append('"');
        if (bytes.Length > MaxText)
        {
            text.Append(CultureInfo.InvariantCulture, $"… {bytes.Length} bytes");
        }
    }

    // As everybody writes them: the last byte first.
    private static void AppendHash(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != HashSize)
        {
            text.Append(CultureInfo.InvariantCulture, $"{bytes.Length} bytes");
            return;
        }

        Span<byte> reversed = stackalloc byte[HashSize];
        bytes.CopyTo(reversed);
        reversed.Reverse();
        text.Append(Convert.ToHexStringLower(reversed));
    }
}
