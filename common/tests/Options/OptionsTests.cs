using Dash.Common.Options;
using Opts = Dash.Common.Options.Options;

namespace Dash.Common.Tests.Options;

public sealed class OptionsTests : IDisposable
{
    private static readonly Option<bool> Server = Option.Bool("server", false, "Serve", OptionGroup.Rpc);
    private static readonly Option<int> Keypool = Option.Int("keypool", 1000, "Size (default: {0})", OptionGroup.Wallet);
    private static readonly Option<long> Big = Option.Long("big", 7, "", OptionGroup.General);
    private static readonly Option<int> Port = Option.Int("port", 1, "", OptionGroup.Connection, OptionFlags.NetworkOnly);
    private static readonly Option<string> Log = Option.Str("debuglogfile=<file>", "debug.log", "", OptionGroup.General);
    private static readonly OptionalOption User = Option.OptionalStr("rpcuser", "", OptionGroup.Rpc, OptionFlags.Sensitive);
    private static readonly Option<IReadOnlyList<string>> Wallet = Option.List("wallet", "", OptionGroup.Wallet, OptionFlags.NetworkOnly);
    private static readonly Option<IReadOnlyList<string>> Debug = Option.List("debug", "", OptionGroup.DebugTest);
    private static readonly Option<string> Level =
        Option.Str("loglevel", "", "", OptionGroup.DebugTest, OptionFlags.NoNegation | OptionFlags.NeedsValue);

    private static readonly Option[] Declared =
        [.. BaseOptions.All, Server, Keypool, Big, Port, Log, User, Wallet, Debug, Level, Option.Hidden("dblogsize")];

    private readonly TempDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Theory]
    [InlineData("-server", true)]
    [InlineData("--server", true)]
    [InlineData("-server=1", true)]
    [InlineData("-server=", true)]
    [InlineData("-server=2", true)]
    [InlineData("-server=0", false)]
    [InlineData("-server=true", false)]
    [InlineData("-noserver", false)]
    [InlineData("-noserver=1", false)]
    [InlineData("-noserver=0", true)]
    public void Booleans_read_as_dashd_reads_them(string arg, bool expected) =>
        Assert.Equal(expected, Opts.ParseCommandLine(Declared, [arg])[Server]);

    [Theory]
    [InlineData("-keypool=12", 12)]
    [InlineData("-keypool= +12abc", 12)]
    [InlineData("-keypool=-3", -3)]
    [InlineData("-keypool=abc", 0)]
    [InlineData("-keypool=99999999999999999999", int.MaxValue)]
    [InlineData("-keypool=-99999999999999999999", int.MinValue)]
    [InlineData("-nokeypool", 0)]
    [InlineData("-keypool", 0)]
    public void Numbers_read_as_dashd_reads_them(string arg, int expected) =>
        Assert.Equal(expected, Opts.ParseCommandLine(Declared, [arg])[Keypool]);

    [Fact]
    public void Defaults_hold_when_nothing_is_given()
    {
        var options = Opts.ParseCommandLine(Declared, []);
        Assert.Equal(1000, options[Keypool]);
        Assert.Equal(7L, options[Big]);
        Assert.Equal("debug.log", options[Log]);
        Assert.Null(options[User]);
        Assert.Empty(options[Wallet]);
        Assert.False(options.IsSet(Server));
        Assert.Equal("Size (default: 1000)", Keypool.Help);
        Assert.Equal("=<file>", Log.Parameter);
    }

    [Fact]
    public void The_last_value_of_the_command_line_counts_and_lists_keep_all_after_a_negation()
    {
        var options = Opts.ParseCommandLine(Declared, ["-keypool=1", "-keypool=2", "-debug=a", "-nodebug", "-debug=b", "-debug=c"]);
        Assert.Equal(2, options[Keypool]);
        Assert.Equal(["b", "c"], options[Debug]);
        Assert.True(Opts.ParseCommandLine(Declared, ["-debuglogfile=x", "-nodebuglogfile"]).IsNegated(Log));
    }

    [Theory]
    [InlineData("-foo", "Invalid parameter -foo")]
    [InlineData("--foo=1", "Invalid parameter --foo=1")]
    [InlineData("-regtest.server=1", "Invalid parameter -regtest.server=1")]
    [InlineData("-includeconf=a.conf", "-includeconf cannot be used from commandline; -includeconf=\"a.conf\"")]
    [InlineData("-loglevel", "Can not set -loglevel with no value. Please specify value with -loglevel=value.")]
    [InlineData("-nologlevel", "Negating of -loglevel is meaningless and therefore forbidden")]
    public void Bad_arguments_are_named(string arg, string reason)
    {
        var e = Assert.Throws<OptionException>(() => Opts.ParseCommandLine(Declared, [arg]));
        Assert.Equal("Error parsing command line arguments: " + reason, e.Message);
    }

    [Fact]
    public void Words_begin_at_the_first_argument_without_a_dash()
    {
        var options = Opts.ParseCommandLine(Declared, ["-server", "getblock", "-x", "1"]);
        Assert.Equal(["getblock", "-x", "1"], options.Words);
    }

    [Theory]
    [InlineData(new string[0], "", "", 1000)]
    [InlineData(new string[0], "", "keypool=1", 1)]
    [InlineData(new string[0], "", "keypool=1\n[regtest]\nkeypool=2", 2)]
    [InlineData(new string[0], "", "keypool=1\nregtest.keypool=2", 2)]
    [InlineData(new string[0], "", "keypool=1\n[test]\nkeypool=2", 1)]
    [InlineData(new string[0], "", "[regtest]\nkeypool=5\nkeypool=6", 5)]
    [InlineData(new string[0], "{\"keypool\": 3}", "keypool=1\n[regtest]\nkeypool=2", 3)]
    [InlineData(new string[0], "{\"keypool\": \"3\"}", "", 3)]
    [InlineData(new[] { "-keypool=4" }, "{\"keypool\": 3}", "keypool=1\n[regtest]\nkeypool=2", 4)]
    [InlineData(new[] { "-nokeypool" }, "{\"keypool\": 3}", "keypool=1", 0)]
    [InlineData(new string[0], "{\"keypool\": false}", "keypool=1", 0)]
    [InlineData(new string[0], "", "nokeypool=1", 0)]
    public void Precedence_is_command_line_then_settings_then_section_then_top(
        string[] args, string settings, string conf, int expected)
    {
        _dir.Write("dash.conf", conf);
        if (settings.Length > 0) _dir.Write("regtest/settings.json", settings);
        Assert.Equal(expected, Load(["-regtest", .. args])[Keypool]);
    }

    [Theory]
    [InlineData("port=5", 1)]
    [InlineData("noport=1", 0)]
    [InlineData("port=5\n[regtest]\nport=6", 6)]
    public void Network_only_options_ignore_the_top_of_the_file_unless_negated(string conf, int expected)
    {
        _dir.Write("dash.conf", conf);
        Assert.Equal(expected, Load(["-regtest"])[Port]);
    }

    [Fact]
    public void Network_only_options_at_the_top_apply_on_main()
    {
        _dir.Write("dash.conf", "port=5\n");
        var options = Load([]);
        Assert.Equal(5, options[Port]);
        options.CheckSections();
    }

    [Fact]
    public void A_network_only_option_only_at_the_top_is_an_error_that_names_it()
    {
        _dir.Write("dash.conf", "port=5\nwallet=w\n");
        var e = Assert.Throws<OptionException>(() => Load(["-regtest"]).CheckSections());
        Assert.Equal(
            "Config setting for -port only applied on regtest network when in [regtest] section.\n" +
            "Config setting for -wallet only applied on regtest network when in [regtest] section.\n", e.Message);
        Load(["-regtest", "-port=1", "-wallet=x"]).CheckSections();
    }

    [Fact]
    public void Lists_gather_all_sources_until_a_negation()
    {
        _dir.Write("dash.conf", "debug=top\n[regtest]\ndebug=section\n");
        _dir.Write("regtest/settings.json", "{\"debug\": [\"s1\", \"s2\"]}");
        Assert.Equal(["cli", "s1", "s2", "section", "top"], Load(["-regtest", "-debug=cli"])[Debug]);
        Assert.Empty(Load(["-regtest", "-nodebug"])[Debug]);
        // dashd: a value after the negation brings the file's values back.
        Assert.Equal(["x", "section", "top"], Load(["-regtest", "-nodebug", "-debug=x"])[Debug]);
    }

    [Theory]
    [InlineData(new[] { "-regtest" }, "", "regtest", "regtest")]
    [InlineData(new[] { "-testnet" }, "", "test", "testnet3")]
    [InlineData(new[] { "-chain=regtest" }, "", "regtest", "regtest")]
    [InlineData(new[] { "-devnet=one" }, "", "devnet", "devnet-one")]
    [InlineData(new string[0], "", "main", "")]
    [InlineData(new string[0], "regtest=1", "regtest", "regtest")]
    [InlineData(new string[0], "chain=test", "test", "testnet3")]
    [InlineData(new[] { "-noregtest" }, "regtest=1", "regtest", "regtest")]
    [InlineData(new[] { "-regtest=0" }, "regtest=1", "main", "")]
    public void The_network_is_chosen_by_command_line_or_top_of_file(string[] args, string conf, string chain, string folder)
    {
        _dir.Write("dash.conf", conf);
        var options = Load(args);
        Assert.Equal(chain, options.Chain);
        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.Combine(_dir.Path, folder)), options.NetworkDirectory);
    }

    [Fact]
    public void Only_one_network_can_be_chosen_and_it_must_exist()
    {
        var two = Assert.Throws<OptionException>(() => Load(["-regtest", "-testnet"]));
        Assert.Equal("Only one of -regtest, -testnet, -devnet or -chain can be used.", two.Message);
        var unknown = Assert.Throws<OptionException>(() => Load(["-chain=moon"]));
        Assert.EndsWith("Unknown chain moon.", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Included_files_count_but_cannot_include_further()
    {
        _dir.Write("dash.conf", "regtest=1\nincludeconf=a.conf\n[regtest]\nincludeconf=b.conf\n");
        _dir.Write("a.conf", "keypool=5\nincludeconf=c.conf\n");
        _dir.Write("b.conf", "[regtest]\nbig=9\n");
        var options = Load([]);
        Assert.Equal(5, options[Keypool]);
        Assert.Equal(9, options[Big]);
        Assert.Contains("Included configuration file a.conf", options.Notes);
        Assert.Equal(["warning: -includeconf cannot be used from included files; ignoring -includeconf=c.conf"], options.Warnings);
        Assert.Equal(1000, Load(["-noincludeconf"])[Keypool]);
    }

    [Theory]
    [InlineData("-server=1", "parse error on line 1: -server=1, options in configuration file must be specified without leading -")]
    [InlineData("\n\nfoo", "parse error on line 3: foo")]
    [InlineData("nolisten", "parse error on line 1: nolisten, if you intended to specify a negated option, use nolisten=1 instead")]
    [InlineData("rpcpassword=a#b", "parse error on line 1, using # in rpcpassword can be ambiguous and should be avoided")]
    [InlineData("conf=x", "conf cannot be set in the configuration file; use includeconf= if you want to include additional config files")]
    [InlineData("includeconf=none.conf", "Failed to include configuration file none.conf")]
    public void A_bad_file_is_an_error(string conf, string reason)
    {
        _dir.Write("dash.conf", conf);
        var e = Assert.Throws<OptionException>(() => Load([]));
        Assert.Equal("Error reading configuration file: " + reason, e.Message);
    }

    [Fact]
    public void Unknown_names_and_sections_of_a_file_do_not_stop_the_program()
    {
        var path = _dir.Write("dash.conf", "# comment\n gui = 1 # more\n[moon]\nserver=1\n");
        var options = Load([]);
        Assert.Contains("Ignoring unknown configuration value gui", options.Notes);
        Assert.Equal([$"Warning: {path}:3 Section [moon] is not recognized."], options.Warnings);
        Assert.False(options[Server]);
    }

    [Fact]
    public void Missing_directories_and_files_are_named()
    {
        var noDirectory = Assert.Throws<OptionException>(
            () => Opts.Load(Declared, ["-datadir=/nonexistent/x"], OptionFiles.Config));
        Assert.Equal("Specified data directory \"/nonexistent/x\" does not exist.", noDirectory.Message);
        var noFile = Assert.Throws<OptionException>(() => Load(["-conf=other.conf"]));
        Assert.Equal(
            $"Error reading configuration file: specified config file \"{_dir.Path}/other.conf\" could not be opened.", noFile.Message);
    }

    [Fact]
    public void Help_and_version_read_no_file()
    {
        _dir.Write("dash.conf", "broken");
        Assert.True(Load(["-?"]).AsksForHelp);
        Assert.True(Load(["-help"]).AsksForHelp);
        Assert.True(Load(["-help-debug"]).AsksForHelp);
        Assert.True(Load(["-version"]).AsksForVersion);
    }

    [Fact]
    public void What_was_given_is_described_for_the_log_with_secrets_masked()
    {
        _dir.Write("dash.conf", "server=1\n[regtest]\nrpcuser=alice\n");
        _dir.Write("regtest/settings.json", "{\"wallet\": [\"w\"]}");
        Assert.Equal(
            [
                "Config file arg: server=\"1\"", "Config file arg: [regtest] rpcuser=****", "Setting file arg: wallet = [\"w\"]",
                $"Command-line arg: datadir=\"{_dir.Path}\"", "Command-line arg: debug=false", "Command-line arg: regtest=\"\"",
            ],
            Load(["-regtest", "-nodebug"]).Describe());
    }

    private Opts Load(IReadOnlyList<string> args) =>
        Opts.Load(Declared, ["-datadir=" + _dir.Path, .. args], OptionFiles.ConfigAndSettings);
}
