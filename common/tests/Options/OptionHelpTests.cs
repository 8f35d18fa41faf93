using Dash.Common.Options;

namespace Dash.Common.Tests.Options;

public class OptionHelpTests
{
    [Fact]
    public void Groups_and_options_are_printed_in_the_layout_of_dashd()
    {
        Option[] options =
        [
            Option.Int("keypool", 1000, "Set key pool size to <n> (default: {0}). This text is long enough to be broken in two lines at a space", OptionGroup.Wallet),
            Option.Bool("server", true, "Accept commands (default: {0})", OptionGroup.General),
            Option.Str("conf=<file>", "dash.conf", "File (default: {0})", OptionGroup.General),
            Option.Bool("regtest", false, "For developers", OptionGroup.General, OptionFlags.DebugOnly),
            Option.Hidden("dblogsize"),
        ];
        Assert.Equal(
            """
            Options:

              -conf=<file>
                   File (default: dash.conf)

              -server
                   Accept commands (default: 1)

            Wallet options:

              -keypool=<n>
                   Set key pool size to <n> (default: 1000). This text is long enough to be
                   broken in two lines at a space


            """, OptionHelp.Format(options, withDebug: false));
        Assert.Contains("  -regtest\n       For developers\n\n", OptionHelp.Format(options, withDebug: true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_longer_than_the_line_is_not_broken() =>
        Assert.Equal("ab\n  abcdefghij\n  cd", OptionHelp.Wrap("ab abcdefghij cd", width: 6, indent: 2));
}
