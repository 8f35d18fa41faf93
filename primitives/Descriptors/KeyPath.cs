using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Descriptors;

/// <summary>Steps of BIP32 derivation as text: <c>/44'/1'/0'</c>, hardened steps marked by <c>'</c>.</summary>
public static class KeyPath
{
    /// <summary>The steps, each with a slash before it; empty for none.</summary>
    public static string Format(ReadOnlySpan<uint> path)
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            text.Append(CultureInfo.InvariantCulture, $"/{step & ~ExtendedPrivateKey.Hardened}");
            if (step >= ExtendedPrivateKey.Hardened)
            {
                text.Append('\'');
            }
        }

        return text.ToString();
    }

    /// <summary>Reads steps that were split at the slashes; <c>'</c> and <c>h</c> both mark hardened ones.</summary>
    internal static bool TryParse(ReadOnlySpan<string> steps, out ImmutableArray<uint> path, out string error)
    {
        var builder = ImmutableArray.CreateBuilder<uint>(steps.Length);
        path = [];
        error = "";
        foreach (var step in steps)
        {
            var isHardened = step.EndsWith('\'') || step.EndsWith('h');
            var number = isHardened ? step[..^1] : step;
            if (!TryParseNumber(number, out var value))
            {
                error = $"Key path value '{number}' is not a valid uint32";
                return false;
            }

            if (value >= ExtendedPrivateKey.Hardened)
            {
                error = $"Key path value {value} is out of range";
                return false;
            }

            builder.Add(isHardened ? value | ExtendedPrivateKey.Hardened : value);
        }

        path = builder.DrainToImmutable();
        return true;
    }

    /// <summary>Digits, with a plus sign in front or not, that fit 32 bits.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, out uint value)
    {
        if (text.StartsWith("+"))
        {
            text = text[1..];
        }

        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
