using System.Text;

namespace Dash.Common.Options;

/// <summary>Prints the help of declared options in dashd's layout.</summary>
public static class OptionHelp
{
    private const int ScreenWidth = 79;
    private const int OptionIndent = 2;
    private const int TextIndent = 7;

    /// <summary>All groups with their options, sorted by name.</summary>
    /// <param name="options">What the program declares.</param>
    /// <param name="withDebug">Also the options for developers (<c>-help-debug</c>).</param>
    public static string Format(IEnumerable<Option> options, bool withDebug)
    {
        var text = new StringBuilder();
        foreach (var group in options.Where(o => o.Group != OptionGroup.Hidden).GroupBy(o => o.Group).OrderBy(g => g.Key))
        {
            var shown = group.Where(o => withDebug || !o.Flags.HasFlag(OptionFlags.DebugOnly)).ToList();
            if (shown.Count == 0 || (group.Key == OptionGroup.WalletDebugTest && !withDebug)) continue;
            text.Append(Title(group.Key)).Append("\n\n");
            foreach (var option in shown.OrderBy(o => o.Name, StringComparer.Ordinal)) Append(text, option);
        }

        return text.ToString();
    }

    /// <summary>Breaks a text at spaces; lines after the first are indented.</summary>
    public static string Wrap(string text, int width, int indent)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder();
        foreach (var paragraph in text.Split('\n'))
        {
            if (result.Length > 0) result.Append('\n');
            var column = 0; // of text; the indent of further lines counts
            var isFirst = true;
            foreach (var word in paragraph.Split(' '))
            {
                if (!isFirst && column + 1 + word.Length > width)
                {
                    result.Append('\n').Append(' ', indent);
                    column = indent;
                }
                else if (!isFirst)
                {
                    result.Append(' ');
                    column++;
                }

                result.Append(word);
                column += word.Length;
                isFirst = false;
            }
        }

        return result.ToString();
    }

    private static void Append(StringBuilder text, Option option) =>
        text.Append(' ', OptionIndent).Append('-').Append(option.Name).Append(option.Parameter).Append('\n')
            .Append(' ', TextIndent).Append(Wrap(option.Help, ScreenWidth - TextIndent, TextIndent)).Append("\n\n");

    private static string Title(OptionGroup group) => group switch
    {
        OptionGroup.General => "Options:",
        OptionGroup.Connection => "Connection options:",
        OptionGroup.Indexing => "Indexing options:",
        OptionGroup.Masternode => "Masternode options:",
        OptionGroup.Statsd => "Statsd options:",
        OptionGroup.Zmq => "ZeroMQ notification options:",
        OptionGroup.DebugTest => "Debugging/Testing options:",
        OptionGroup.ChainSelection => "Chain selection options:",
        OptionGroup.NodeRelay => "Node relay options:",
        OptionGroup.BlockCreation => "Block creation options:",
        OptionGroup.Rpc => "RPC server options:",
        OptionGroup.Wallet => "Wallet options:",
        OptionGroup.WalletFee => "Wallet fee options:",
        OptionGroup.WalletHd => "HD wallet options:",
        OptionGroup.CoinJoin => "CoinJoin options:",
        OptionGroup.WalletDebugTest => "Wallet debugging/testing options:",
        OptionGroup.Ipc => "Interprocess options:",
        OptionGroup.Commands => "Commands:",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, null),
    };
}
