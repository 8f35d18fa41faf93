namespace Dash.Common.Options;

/// <summary>A declared text option without a default: null when it is given nowhere.</summary>
public sealed class OptionalOption : Option
{
    internal OptionalOption(string name, string? defaultParameter, string help, OptionGroup group, OptionFlags flags)
        : base(name, defaultParameter, help, group, flags)
    {
    }
}
