using System.Buffers;
using System.Text.Encodings.Web;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Escapes JSON strings as Dash Core does: the quote, the backslash, control characters and DEL, nothing else. Text
/// outside ASCII goes out as UTF-8, so replies are the same bytes. (The framework's relaxed encoder still escapes
/// emoji, unassigned characters and others, and writes upper-case hex.)
/// </summary>
/// <remarks>The base class demands pointers, hence <c>unsafe</c>; each is turned into a span at once.</remarks>
public sealed class CoreJsonEncoder : JavaScriptEncoder
{
    private const string Escaped =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f" +
        "\"\\\u007f";

    private static readonly SearchValues<byte> EscapedBytes =
        SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(Escaped));

    private static readonly SearchValues<char> EscapedChars = SearchValues.Create(Escaped);

    private CoreJsonEncoder()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static CoreJsonEncoder Instance { get; } = new();

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\' or 0x7f;

    /// <inheritdoc />
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) =>
        utf8Text.IndexOfAny(EscapedBytes);

    /// <inheritdoc />
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) =>
        FindFirst(new ReadOnlySpan<char>(text, textLength));

    /// <inheritdoc />
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> target = new(buffer, bufferLength);
        var shortForm = unicodeScalar switch
        {
            '\b' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\f' => 'f',
            '\r' => 'r',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (shortForm != '\0')
        {
            numberOfCharactersWritten = 2;
            return new[] { '\\', shortForm }.AsSpan().TryCopyTo(target);
        }

        if (!WillEncode(unicodeScalar))
        {
            // Only a replaced lone surrogate comes here: U+FFFD itself needs no escape.
            return new System.Text.Rune(unicodeScalar).TryEncodeToUtf16(target, out numberOfCharactersWritten);
        }

        numberOfCharactersWritten = 6;
        return $"\\u{unicodeScalar:x4}".AsSpan().TryCopyTo(target);
    }

    /// <summary>First character to escape, or half of a surrogate pair without its other half (it is replaced).</summary>
    private static int FindFirst(ReadOnlySpan<char> text)
    {
        var escaped = text.IndexOfAny(EscapedChars);
        var clean = escaped < 0 ? text : text[..escaped];
        for (var i = clean.IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < clean.Length; i++)
        {
            if (!char.IsSurrogate(clean[i]))
            {
                continue;
            }

            if (i + 1 == clean.Length || !char.IsSurrogatePair(clean[i], clean[i + 1]))
            {
                return i;
            }

            i++;
        }

        return escaped;
    }
}
