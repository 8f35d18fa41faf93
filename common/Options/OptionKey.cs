namespace Dash.Common.Options;

/// <summary>An option's name as the user wrote it: "name", "noname", "section.name" or "section.noname".</summary>
internal readonly record struct OptionKey(string Section, string Name, bool IsNegated)
{
    public static OptionKey Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var section = dot < 0 ? "" : text[..dot];
        var name = dot < 0 ? text : text[(dot + 1)..];
        return name.StartsWith("no", StringComparison.Ordinal) ? new(section, name[2..], true) : new(section, name, false);
    }

    /// <summary>The value this key and the text after the equals sign (null: none) mean for <paramref name="option"/>.</summary>
    /// <exception cref="OptionException">The option allows no negation, or needs a value.</exception>
    public OptionValue Interpret(string? text, Option option, ICollection<string> notes)
    {
        if (IsNegated)
        {
            if (option.Flags.HasFlag(OptionFlags.NoNegation))
                throw new OptionException($"Negating of -{Name} is meaningless and therefore forbidden");
            if (text is null || OptionValue.Of(text).ToBool()) return OptionValue.False;
            notes.Add($"Warning: parsed potentially confusing double-negative -{Name}={text}");
            return OptionValue.True;
        }

        if (text is null && option.Flags.HasFlag(OptionFlags.NeedsValue))
            throw new OptionException($"Can not set -{Name} with no value. Please specify value with -{Name}=value.");
        return OptionValue.Of(text ?? "");
    }
}
