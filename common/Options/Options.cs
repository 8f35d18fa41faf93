namespace Dash.Common.Options;

/// <summary>
/// The options of a running program, asked by their declarations: <c>options[WalletOptions.Keypool]</c>. Precedence: command
/// line, settings.json, the network's section of dash.conf, its top. Fixed once loaded.
/// </summary>
public sealed class Options
{
    private readonly Dictionary<string, Option> _declared;
    private readonly OptionLayers _layers = new();
    private readonly List<string> _notes = [];
    private readonly List<string> _warnings = [];
    private readonly List<(string Name, string File, int Line)> _sections = [];

    private Options(IEnumerable<Option> declared)
    {
        Declared = [.. declared];
        _declared = Declared.ToDictionary(option => option.Name, StringComparer.Ordinal);
    }

    /// <summary>Everything the program declared, in its order.</summary>
    public IReadOnlyList<Option> Declared { get; }

    /// <summary>What follows the options on the command line, from the first word without a dash on.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    /// <summary>The chosen network, one of <see cref="ChainNames"/>.</summary>
    public string Chain { get; private set; } = ChainNames.Main;

    /// <summary>The data directory, absolute; it exists if it was given.</summary>
    public string DataDirectory { get; private set; } = "";

    /// <summary>The network's directory inside the data directory, absolute.</summary>
    public string NetworkDirectory { get; private set; } = "";

    /// <summary>The configuration file, absolute; it may be missing.</summary>
    public string ConfigPath { get; private set; } = "";

    /// <summary>The settings, or null with -nosettings and for tools that have none.</summary>
    public SettingsFile? SettingsFile { get; private set; }

    /// <summary>Is only help wanted? Then no file was read.</summary>
    public bool AsksForHelp => BaseOptions.AsksForHelp(this);

    /// <summary>Is only the version wanted? Then no file was read.</summary>
    public bool AsksForVersion => IsSet(BaseOptions.Version);

    /// <summary>Lines for the log about what was read.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What the user should be told although it does not stop the program, as printed.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Is it on, by the highest source that gives it, or by default?</summary>
    public bool this[Option<bool> option] => Get(option);

    /// <summary>The number from the highest source that gives it, or the default.</summary>
    public int this[Option<int> option] => Get(option);

    /// <summary>The number from the highest source that gives it, or the default.</summary>
    public long this[Option<long> option] => Get(option);

    /// <summary>The text from the highest source that gives it, or the default.</summary>
    public string this[Option<string> option] => Get(option);

    /// <summary>The text from the highest source that gives it, or null.</summary>
    public string? this[OptionalOption option] => Single(option)?.Text;

    /// <summary>All values that count, highest source first.</summary>
    public IReadOnlyList<string> this[Option<IReadOnlyList<string>> option] => Get(option);

    /// <summary>The value of an option of any type (C# has no generic indexers).</summary>
    public T Get<T>(Option<T> option)
    {
        ArgumentNullException.ThrowIfNull(option);
        var top = TopApplies(option);
        return option.Read(new OptionLookup(_layers.Single(option.Name, Chain, top), _layers.All(option.Name, Chain, top)));
    }

    /// <summary>
    /// Reads command line and files. With <see cref="AsksForHelp"/> or <see cref="AsksForVersion"/> only the command line.
    /// </summary>
    /// <param name="declared">All options of the program, with <see cref="BaseOptions.All"/>.</param>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="files">Which files to read.</param>
    /// <exception cref="OptionException">With the text for the user.</exception>
    public static Options Load(IEnumerable<Option> declared, IReadOnlyList<string> args, OptionFiles files)
    {
        var options = ParseCommandLine(declared, args);
        if (options.AsksForHelp || options.AsksForVersion) return options;
        options.LocateDataDirectory("Specified data directory \"{0}\" does not exist.");
        if (files != OptionFiles.None) options.ReadConfig();
        options.ChooseNetwork();
        if (files == OptionFiles.ConfigAndSettings) options.ReadSettings();
        return options;
    }

    /// <summary>Only the command line, no file: tests, and programs without a data directory.</summary>
    /// <exception cref="OptionException">With the text for the user.</exception>
    public static Options ParseCommandLine(IEnumerable<Option> declared, IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var options = new Options(declared);
        try
        {
            options.AddCommandLine(args);
        }
        catch (OptionException e)
        {
            throw new OptionException("Error parsing command line arguments: " + e.Message, e);
        }

        options.Chain = options.ChosenNetwork();
        return options;
    }

    /// <summary>Was it given anywhere, negated or not?</summary>
    public bool IsSet(Option option) => Single(option) is not null;

    /// <summary>Is the value that counts a negation (<c>-noname</c>)?</summary>
    public bool IsNegated(Option option) => Single(option) is { IsFalse: true };

    /// <summary>The number its text begins with, as of options declared as numbers; null when it is given nowhere.</summary>
    public long? Number(OptionalOption option) => Single(option)?.ToLong();

    /// <summary>The one text that counts of an option whose values are a list; null when it is given nowhere.</summary>
    public string? Text(Option<IReadOnlyList<string>> option) => Single(option)?.Text;

    /// <summary>All values of an option that is asked for one.</summary>
    public IReadOnlyList<string> Values(Option option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return [.. _layers.All(option.Name, Chain, TopApplies(option)).Select(static value => value.Text)];
    }

    /// <summary>The value as a path: relative ones inside <paramref name="directory"/>; null when negated.</summary>
    public string? Path(Option<string> option, string directory) =>
        IsNegated(option) ? null : Inside(directory, this[option] is { Length: > 0 } path ? path : option.Fallback);

    /// <summary>Fails if an option that must stand in the network's section stands only at the top of dash.conf.</summary>
    /// <exception cref="OptionException">One line an option.</exception>
    public void CheckSections()
    {
        if (Chain == ChainNames.Main) return;
        var misplaced = Declared
            .Where(o => o.Flags.HasFlag(OptionFlags.NetworkOnly) && _layers.IsOnlyAtTop(o.Name, Chain))
            .OrderBy(o => o.Name, StringComparer.Ordinal)
            .Select(o => $"Config setting for {o} only applied on {Chain} network when in [{Chain}] section.\n");
        var text = string.Concat(misplaced);
        if (text.Length > 0) throw new OptionException(text);
    }

    /// <summary>One line an option that was given, for the log; secrets are masked.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var section in Sorted(_layers.Config.Keys))
        {
            foreach (var line in Describe(section.Length == 0 ? "Config file arg: " : $"Config file arg: [{section}] ", _layers.Config[section]))
                yield return line;
        }

        foreach (var (name, value) in SettingsFile?.Snapshot() ?? []) yield return $"Setting file arg: {name} = {SettingsFile.Compact(value)}";
        foreach (var line in Describe("Command-line arg: ", _layers.CommandLine)) yield return line;
    }

    private IEnumerable<string> Describe(string prefix, Dictionary<string, List<OptionValue>> values)
    {
        foreach (var name in Sorted(values.Keys))
        {
            if (!_declared.TryGetValue(name, out var option)) continue;
            foreach (var value in values[name])
            {
                var shown = option.Flags.HasFlag(OptionFlags.Sensitive) ? "****" : value.ToJson();
                yield return $"{prefix}{name}={shown}";
            }
        }
    }

    private static string[] Sorted(IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    private OptionValue? Single(Option option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return _layers.Single(option.Name, Chain, TopApplies(option));
    }

    private bool TopApplies(Option option) => Chain == ChainNames.Main || !option.Flags.HasFlag(OptionFlags.NetworkOnly);

    private void AddCommandLine(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (arg == "-") break;
            if (!arg.StartsWith('-'))
            {
                Words = [.. args.Skip(i)];
                break;
            }

            var equals = arg.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? arg : arg[..equals];
            var key = OptionKey.Parse(name[(name.StartsWith("--", StringComparison.Ordinal) ? 2 : 1)..]);
            if (key.Section.Length > 0 || !_declared.TryGetValue(key.Name, out var option))
                throw new OptionException("Invalid parameter " + arg);
            var value = key.Interpret(equals < 0 ? null : arg[(equals + 1)..], option, _notes);
            if (!_layers.CommandLine.TryGetValue(key.Name, out var list)) _layers.CommandLine[key.Name] = list = [];
            list.Add(value);
        }

        var includes = _layers.All(BaseOptions.IncludeConf.Name, OptionLayers.Top, topApplies: true);
        if (includes.Count > 0)
            throw new OptionException("-includeconf cannot be used from commandline; -includeconf=" + includes[0].ToJson());
    }

    private void LocateDataDirectory(string errorFormat)
    {
        var given = IsNegated(BaseOptions.DataDir) ? null : this[BaseOptions.DataDir];
        if (string.IsNullOrEmpty(given))
        {
            var home = Environment.GetEnvironmentVariable("HOME");
            DataDirectory = System.IO.Path.Combine(string.IsNullOrEmpty(home) ? "/" : home, ".dashcore");
            return;
        }

        DataDirectory = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(given));
        if (!Directory.Exists(DataDirectory))
            throw new OptionException(errorFormat.Replace("{0}", given, StringComparison.Ordinal));
    }

    private void ReadConfig()
    {
        try
        {
            ConfigPath = Inside(DataDirectory, this[BaseOptions.Conf]);
            if (!File.Exists(ConfigPath))
            {
                if (IsSet(BaseOptions.Conf)) throw new OptionException($"specified config file \"{ConfigPath}\" could not be opened.");
                return;
            }

            AddConfig(ConfigPath, ConfigPath);
            if (!_layers.CommandLine.ContainsKey(BaseOptions.IncludeConf.Name)) ReadIncludes();
            LocateDataDirectory("specified data directory \"{0}\" does not exist.");
        }
        catch (OptionException e)
        {
            throw new OptionException("Error reading configuration file: " + e.Message, e);
        }
    }

    private void ReadIncludes()
    {
        var chain = ChosenNetwork();
        var ofChain = Includes(chain);
        var ofTop = Includes(OptionLayers.Top);
        foreach (var name in ofChain.Concat(ofTop))
        {
            var path = Inside(DataDirectory, name);
            if (!File.Exists(path)) throw new OptionException("Failed to include configuration file " + name);
            AddConfig(path, name);
            _notes.Add("Included configuration file " + name);
        }

        // An included file cannot include; the one it may have switched to has a say as well.
        var ignored = Includes(chain).Skip(ofChain.Count).Concat(Includes(OptionLayers.Top).Skip(ofTop.Count));
        if (ChosenNetwork() is var now && now != chain) ignored = ignored.Concat(Includes(now));
        foreach (var name in ignored)
            _warnings.Add($"warning: -includeconf cannot be used from included files; ignoring -includeconf={name}");
    }

    private List<string> Includes(string section)
    {
        var values = _layers.InConfig(section, BaseOptions.IncludeConf.Name);
        var live = values.Reverse().TakeWhile(value => !value.IsFalse).Reverse();
        return [.. live.Select(value => value.Text)];
    }

    private void AddConfig(string path, string shownAs)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException($"specified config file \"{path}\" could not be opened.", e);
        }

        var file = ConfigFile.Parse(text, shownAs);
        _sections.AddRange(file.Sections);
        foreach (var (name, value) in file.Entries)
        {
            var key = OptionKey.Parse(name);
            if (key.Name == BaseOptions.Conf.Name)
            {
                throw new OptionException(
                    "conf cannot be set in the configuration file; use includeconf= if you want to include additional config files");
            }

            // dashd: it is not refused, but it would build everything anew at each start.
            if (key.Name == "reindex")
            {
                _notes.Add(
                    "Warning: reindex=1 is set in the configuration file, which will significantly slow down startup. "
                    + "Consider removing or commenting out this option for better performance, unless there is currently a "
                    + "condition which makes rebuilding the indexes necessary");
            }

            if (_declared.TryGetValue(key.Name, out var option))
                _layers.AddConfig(key.Section, key.Name, key.Interpret(value, option, _notes));
            else
                _notes.Add("Ignoring unknown configuration value " + name);
        }
    }

    private void ChooseNetwork()
    {
        Chain = ChosenNetwork();
        var folder = ChainNames.Folder(Chain, this[BaseOptions.Devnet] ?? "");
        NetworkDirectory = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.Combine(DataDirectory, folder));
        var unknown = _sections.Where(section => !ChainNames.All.Contains(section.Name)).ToList();
        if (unknown.Count == 0) return;
        _warnings.Add("Warning: " + string.Join("\n", unknown.Select(s => $"{s.File}:{s.Line} Section [{s.Name}] is not recognized.")));
    }

    /// <summary>The chosen network, a devnet with its own name behind it.</summary>
    public string NetworkName => Chain == ChainNames.Devnet ? ChainNames.Folder(Chain, this[BaseOptions.Devnet] ?? "") : Chain;

    private string ChosenNetwork()
    {
        var regtest = _layers.NetworkChoice(BaseOptions.Regtest.Name)?.ToBool() ?? false;
        var devnet = _layers.NetworkChoice(BaseOptions.Devnet.Name) is not null;
        var testnet = _layers.NetworkChoice(BaseOptions.Testnet.Name)?.ToBool() ?? false;
        var named = _layers.Single(BaseOptions.Chain.Name, OptionLayers.Top, topApplies: true);
        if (new[] { regtest, devnet, testnet, named is not null }.Count(chosen => chosen) > 1)
            throw new OptionException("Only one of -regtest, -testnet, -devnet or -chain can be used.");
        if (regtest) return ChainNames.Regtest;
        if (devnet) return ChainNames.Devnet;
        return testnet ? ChainNames.Test : named?.Text ?? ChainNames.Main;
    }

    private void ReadSettings()
    {
        if (Path(BaseOptions.Settings, NetworkDirectory) is not { } path) return;
        SettingsFile = SettingsFile.Read(path);
        foreach (var (name, value) in SettingsFile.Snapshot())
        {
            if (_declared.ContainsKey(OptionKey.Parse(name).Name)) _layers.Settings[name] = OptionValue.FromJson(value);
            else _notes.Add("Ignoring unknown rw_settings value " + name);
        }
    }

    private static string Inside(string directory, string path) =>
        System.IO.Path.GetFullPath(path, directory.Length == 0 ? Environment.CurrentDirectory : directory);
}
