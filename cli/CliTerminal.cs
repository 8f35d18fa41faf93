using System.Text;

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
            new StreamReader(Console.OpenStandardInput(), utf8),
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

    /// <summary>A line of input that a terminal does not show; null at the end of the input.</summary>
    public string? ReadSecret(string prompt)
    {
        if (!IsInputTerminal) return Input.ReadLine();
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
