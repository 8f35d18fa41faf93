namespace Dash.Common.Options;

/// <summary>How an <see cref="OptionValue"/> was given.</summary>
internal enum OptionValueKind
{
    /// <summary>A text after the equals sign.</summary>
    Text,

    /// <summary>A number in settings.json.</summary>
    Number,

    /// <summary>Negated: <c>-noname</c>, or false in settings.json.</summary>
    False,

    /// <summary>Negated twice, or true in settings.json.</summary>
    True,
}
