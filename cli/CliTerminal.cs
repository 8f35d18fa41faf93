using System.Text;
using Dash.Cli.Connection;

namespace Dash.Cli;

/// <summary>Where a run reads and prints: the console, or a test's texts.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsInputTerminal">A person types the input.</param>
/// <param name="IsOutputTerminal">A person reads the output.</param>
internal sealed record CliTerminal(TextReader Input, TextWriter Output, TextWriter Error, bool IsInputTerminal, bool IsOutputTerminal)
    : IDisposable
{
    /// <summary>The console in UTF-8, whatever the locale says: names of wallets and files are UTF-8.</summary>
    public static CliTerminal OfConsole()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new(
            new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)),
            new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n" },
            new StreamWriter(Console.OpenStandardError(), utf8) { NewLine = "\n", AutoFlush = true },
            !Console.IsInputRedirected,
            !Console.IsOutputRedirected);
    }

    /// <summary>Writes what is still to be written.</summary>
    public void Dispose()
    {
        Output.Flush();
        Error.Flush();
    }

    /// <summary>A line of input up to a line feed alone, as dash-cli of Dash Core; null at the end of the input.</summary>
    /// <exception cref="CliException">It is not UTF-8: a daemon would store something else than what was meant.</exception>
    public string? ReadLine()
    {
        var text = new StringBuilder();
        try
        {
            int next;
            while ((next = Input.Read()) is >= 0 and not '\n') text.Append((char)next);
            return next < 0 && text.Length == 0 ? null : text.ToString();
        }
        catch (DecoderFallbackException e)
        {
            throw new CliException("Standard input is not UTF-8", e);
        }
    }

    /// <summary>A line of input that a terminal does not show; null at the end of the input.</summary>
    public string? ReadSecret(string prompt)
    {
        if (!IsInputTerminal) return ReadLine();
        Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace) text.Length = Math.Max(0, text.Length - 1);
            else if (key.KeyChar != '\0') text.Append(key.KeyChar);
        }

        Output.WriteLine();
        return text.ToString();
    }
}
