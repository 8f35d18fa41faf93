namespace Dash.Common.Options;

/// <summary>Which files besides the command line <see cref="Options"/> reads.</summary>
public enum OptionFiles
{
    /// <summary>None; the data directory is found all the same.</summary>
    None,

    /// <summary>dash.conf: command-line tools.</summary>
    Config,

    /// <summary>dash.conf and settings.json: daemons.</summary>
    ConfigAndSettings,
}
