using Dash.Cli.Settings;
using Dash.Common.Options;

namespace Dash.Cli.Connection;

/// <summary>How the user is known to the server: "user:password". Never printed.</summary>
/// <param name="Pair">Empty when nothing was found.</param>
/// <param name="IsFound">False if there was neither a password nor a cookie.</param>
internal readonly record struct Credentials(string Pair, bool IsFound)
{
    /// <summary>A password of the options or of standard input, else the server's cookie.</summary>
    /// <param name="options">User, password and the place of the cookie.</param>
    /// <param name="typedPassword">A password from standard input, or null.</param>
    public static Credentials Find(Options options, string? typedPassword)
    {
        if ((typedPassword ?? options[CliOptions.Password]) is { Length: > 0 } password)
            return new((options[CliOptions.User] ?? "") + ":" + password, true);
        if (options.Path(CliOptions.CookieFile, options.NetworkDirectory) is not { } path) return default;
        try
        {
            return new(File.ReadLines(path).FirstOrDefault() ?? "", true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("", false);
        }
    }

    public override string ToString() => "***";
}
