namespace Dash.Common.Options;

/// <summary>Rules of an option beyond its type.</summary>
[Flags]
public enum OptionFlags
{
    /// <summary>No further rule.</summary>
    None = 0,

    /// <summary>On a network other than main, the top of dash.conf does not set it; its section does.</summary>
    NetworkOnly = 1,

    /// <summary>Printed with <c>-help-debug</c> only.</summary>
    DebugOnly = 2,

    /// <summary><c>-noname</c> is an error.</summary>
    NoNegation = 4,

    /// <summary><c>-name</c> without a value is an error.</summary>
    NeedsValue = 8,

    /// <summary>Its value is a secret: logged as <c>****</c>.</summary>
    Sensitive = 16,
}
