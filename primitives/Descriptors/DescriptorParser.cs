using System.Buffers.Binary;
using System.Collections.Immutable;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Descriptors;

/// <summary>One reading of one descriptor without checksum. Its error texts are Core's, letter for letter.</summary>
internal sealed class DescriptorParser(AddressPrefixes prefixes, DescriptorKeys keys)
{
    // Bare multisig of more keys is not standard.
    private const int MaxBareMultisigKeys = 3;

    private uint _place;

    /// <summary>Why it was refused; empty for some refusals, as in Core.</summary>
    public string Error { get; private set; } = "";

    public Descriptor? Parse(string payload)
    {
        ReadOnlySpan<char> rest = payload;
        var descriptor = ParseScript(ref rest, isTop: true);
        return rest.IsEmpty ? descriptor : null;
    }

    private Descriptor? ParseScript(ref ReadOnlySpan<char> rest, bool isTop)
    {
        var expression = TakeExpression(ref rest);
        if (TryFunction("pk", ref expression))
        {
            return ParseOneKey(DescriptorKind.Pk, "pk(): ", expression);
        }

        if (TryFunction("pkh", ref expression))
        {
            return ParseOneKey(DescriptorKind.Pkh, "pkh(): ", expression);
        }

        if (TryFunction("combo", ref expression))
        {
            return isTop
                ? ParseOneKey(DescriptorKind.Combo, "combo(): ", expression)
                : Refuse("Can only have combo() at top level");
        }

        if (TryFunction("sortedmulti", ref expression))
        {
            return ParseMulti(DescriptorKind.SortedMulti, expression, isTop);
        }

        if (TryFunction("multi", ref expression))
        {
            return ParseMulti(DescriptorKind.Multi, expression, isTop);
        }

        if (TryFunction("sh", ref expression))
        {
            if (!isTop)
            {
                return Refuse("Can only have sh() at top level");
            }

            var inner = ParseScript(ref expression, isTop: false);
            return inner is null || !expression.IsEmpty ? null : Descriptor.OfScript(inner);
        }

        if (TryFunction("addr", ref expression))
        {
            return isTop ? ParseAddress(expression) : Refuse("Can only have addr() at top level");
        }

        if (TryFunction("raw", ref expression))
        {
            return isTop ? ParseRaw(expression) : Refuse("Can only have raw() at top level");
        }

        return isTop
            ? Refuse($"'{expression}' is not a valid descriptor function")
            : Refuse("A function is needed within P2SH");
    }

    private Descriptor? ParseOneKey(DescriptorKind kind, string context, ReadOnlySpan<char> text)
    {
        if (ParseKey(text) is not { } key)
        {
            return Refuse(context + Error);
        }

        _place++;
        return Descriptor.OfKey(kind, key);
    }

    private Descriptor? ParseMulti(DescriptorKind kind, ReadOnlySpan<char> rest, bool isTop)
    {
        var thresholdText = TakeExpression(ref rest);
        if (!KeyPath.TryParseNumber(thresholdText, out var threshold))
        {
            return Refuse($"Multi threshold '{thresholdText}' is not valid");
        }

        var members = ImmutableArray.CreateBuilder<KeyExpression>();
        var scriptSize = 0;
        while (!rest.IsEmpty)
        {
            if (rest[0] != ',')
            {
                return Refuse($"Multi: expected ',', got '{rest[0]}'");
            }

            rest = rest[1..];
            if (ParseKey(TakeExpression(ref rest)) is not { } key)
            {
                return Refuse("Multi: " + Error);
            }

            scriptSize += key.KeySize + 1;
            members.Add(key);
            _place++;
        }

        if (members.Count is 0 or > Script.MaxKeysPerMultisig)
        {
            return Refuse(
                $"Cannot have {members.Count} keys in multisig; must have between 1 and "
                + $"{Script.MaxKeysPerMultisig} keys, inclusive");
        }

        if (threshold < 1)
        {
            return Refuse($"Multisig threshold cannot be {threshold}, must be at least 1");
        }

        if (threshold > members.Count)
        {
            return Refuse(
                $"Multisig threshold cannot be larger than the number of keys; threshold is {threshold} but only "
                + $"{members.Count} keys specified");
        }

        if (isTop && members.Count > MaxBareMultisigKeys)
        {
            return Refuse(
                $"Cannot have {members.Count} pubkeys in bare multisig; only at most {MaxBareMultisigKeys} pubkeys");
        }

        // Both counts and the operation.
        scriptSize += 3;
        if (!isTop && scriptSize > Script.MaxElementSize)
        {
            return Refuse(
                $"P2SH script is too large, {scriptSize} bytes is larger than {Script.MaxElementSize} bytes");
        }

        return Descriptor.OfKeys(kind, (int)threshold, members.ToImmutable());
    }

    private Descriptor? ParseAddress(ReadOnlySpan<char> text) =>
        AddressCodec.TryDecode(text.ToString(), prefixes, out var destination, out _)
            ? Descriptor.OfAddress(destination, prefixes)
            : Refuse("Address is not valid");

    private Descriptor? ParseRaw(ReadOnlySpan<char> text) =>
        !text.IsEmpty && Hex.TryDecode(text, out var bytes)
            ? Descriptor.OfRaw(new Script(bytes))
            : Refuse("Raw script is not hex");

    private KeyExpression? ParseKey(ReadOnlySpan<char> text)
    {
        var parts = text.ToString().Split(']');
        if (parts.Length > 2)
        {
            return RefuseKey("Multiple ']' characters found for a single pubkey");
        }

        if (parts.Length == 1)
        {
            return ParseKeyWithoutOrigin(parts[0]);
        }

        if (!parts[0].StartsWith('['))
        {
            var found = parts[0].Length == 0 ? ']' : parts[0][0];
            return RefuseKey($"Key origin start '[ character expected but not found, got '{found}' instead");
        }

        var steps = parts[0][1..].Split('/');
        if (steps[0].Length != 8)
        {
            return RefuseKey(
                $"Fingerprint is not 4 bytes ({steps[0].Length} characters instead of 8 characters)");
        }

        if (!Hex.TryDecode(steps[0], out var fingerprint))
        {
            return RefuseKey($"Fingerprint '{steps[0]}' is not hex");
        }

        if (!KeyPath.TryParse(steps.AsSpan(1), out var path, out var error))
        {
            return RefuseKey(error);
        }

        var origin = new KeyOrigin(BinaryPrimitives.ReadUInt32BigEndian(fingerprint), path);
        return ParseKeyWithoutOrigin(parts[1]) is { } inner ? new OriginKeyExpression(_place, origin, inner) : null;
    }

    private KeyExpression? ParseKeyWithoutOrigin(string text)
    {
        var parts = text.Split('/');
        var first = parts[0];
        if (first.Length == 0)
        {
            return RefuseKey("No key provided");
        }

        if (parts.Length == 1)
        {
            if (Hex.TryDecode(first, out var bytes))
            {
                return PublicKey.TryParse(bytes, out var publicKey)
                    ? new FixedKeyExpression(_place, publicKey, prefixes)
                    : RefuseKey($"Pubkey '{first}' is invalid");
            }

            if (Wif.TryDecode(first, prefixes.Wif, out var privateKey))
            {
                var fixedKey = new FixedKeyExpression(_place, privateKey.PublicKey, prefixes);
                keys.Add(privateKey);
                return fixedKey;
            }
        }

        return ParseExtendedKey(first, parts.AsSpan(1));
    }

    private ExtendedKeyExpression? ParseExtendedKey(string text, ReadOnlySpan<string> steps)
    {
        ExtendedPrivateKey? privateRoot = null;
        if (!ExtendedPublicKey.TryParse(text, prefixes.ExtendedPublicKey.Span, out var root)
            && !ExtendedPrivateKey.TryParse(text, prefixes.ExtendedPrivateKey.Span, out privateRoot))
        {
            RefuseKey($"key '{text}' is not valid");
            return null;
        }

        using (privateRoot)
        {
            var last = steps.IsEmpty
                ? LastStep.None
                : steps[^1] switch
                {
                    "*" => LastStep.Children,
                    "*'" or "*h" => LastStep.HardenedChildren,
                    _ => LastStep.None,
                };
            if (last != LastStep.None)
            {
                steps = steps[..^1];
            }

            if (!KeyPath.TryParse(steps, out var path, out var error))
            {
                RefuseKey(error);
                return null;
            }

            if (privateRoot is not null)
            {
                keys.Add(privateRoot.Key.Clone());
                root = privateRoot.ToPublic();
            }

            // Without a private key the public one was read.
            return new ExtendedKeyExpression(_place, root!, path, last, prefixes);
        }
    }

    private Descriptor? Refuse(string error)
    {
        Error = error;
        return null;
    }

    private KeyExpression? RefuseKey(string error)
    {
        Error = error;
        return null;
    }

    // Takes "name(…)" apart when that is all there is.
    private static bool TryFunction(string name, ref ReadOnlySpan<char> expression)
    {
        if (expression.Length < name.Length + 2
            || !expression.StartsWith(name)
            || expression[name.Length] != '('
            || expression[^1] != ')')
        {
            return false;
        }

        expression = expression[(name.Length + 1)..^1];
        return true;
    }

    // Up to the comma or parenthesis that ends it.
    private static ReadOnlySpan<char> TakeExpression(ref ReadOnlySpan<char> rest)
    {
        var level = 0;
        var end = 0;
        for (; end < rest.Length; end++)
        {
            var character = rest[end];
            if (character == '(')
            {
                level++;
            }
            else if (level > 0 && character == ')')
            {
                level--;
            }
            else if (level == 0 && (character is ')' or ','))
            {
                break;
            }
        }

        var expression = rest[..end];
        rest = rest[end..];
        return expression;
    }
}
