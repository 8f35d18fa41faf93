namespace Dash.Cli.Output;

/// <summary>Control sequences of a terminal's colors, or empty texts.</summary>
internal sealed record Colors(string Reset, string Green, string Blue, string Yellow, string Magenta, string Cyan)
{
    public static readonly Colors None = new("", "", "", "", "", "");

    public static readonly Colors Ansi = new("\e[0m", "\e[32m", "\e[34m", "\e[33m", "\e[35m", "\e[36m");
}
