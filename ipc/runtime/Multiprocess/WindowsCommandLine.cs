using System.Text;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Arguments as Windows wants them: one line, which the started program takes apart by the rules of <c>CommandLineToArgvW</c>.
/// </summary>
internal static class WindowsCommandLine
{
    /// <summary>The line of which a program makes these arguments again.</summary>
    /// <exception cref="ArgumentException">An argument holds a NUL, or the program's name a quote: no line says that.</exception>
    internal static string Of(string program, IEnumerable<string> arguments)
    {
        // The program's own name has no escapes: it ends at the next quote.
        if (program.AsSpan().IndexOfAny('"', '\0') >= 0)
        {
            throw new ArgumentException("The program's name cannot be written in a command line.", nameof(program));
        }

        var line = new StringBuilder().Append('"').Append(program).Append('"');
        foreach (var argument in arguments)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException("An argument holds a NUL.", nameof(arguments));
            }

            Append(line.Append(' '), argument);
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && argument.AsSpan().IndexOfAny(" \t\n\v\"") < 0)
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        var backslashes = 0;
        foreach (var c in argument)
        {
            if (c == '\\')
            {
                backslashes++;
                continue;
            }

            // Before a quote, 2n+1 backslashes are n and the quote; elsewhere they are themselves.
            line.Append('\\', c == '"' ? (2 * backslashes) + 1 : backslashes).Append(c);
            backslashes = 0;
        }

        line.Append('\\', 2 * backslashes).Append('"');
    }
}
