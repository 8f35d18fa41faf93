namespace Dash.Common.Options;

/// <summary>A declared option whose value is a <typeparamref name="T"/>. Made by the factories of <see cref="Option"/>.</summary>
public sealed class Option<T> : Option
{
    private readonly Func<OptionLookup, T> _read;

    internal Option(
        string name, string? defaultParameter, T fallback, string help, OptionGroup group, OptionFlags flags, Func<OptionLookup, T> read)
        : base(name, defaultParameter, help, group, flags)
    {
        Fallback = fallback;
        _read = read;
    }

    /// <summary>The value when the option is given nowhere.</summary>
    public T Fallback { get; }

    internal T Read(OptionLookup lookup) => _read(lookup);
}
