namespace Dash.Common.Logging;

/// <summary>Where and how <see cref="DebugLog"/> writes.</summary>
public sealed record DebugLogSettings
{
    /// <summary>The file, or null for none.</summary>
    public string? Path { get; init; }

    /// <summary>Another process has begun this file: append, without a gap and without shrinking it.</summary>
    public bool IsShared { get; init; }

    /// <summary>Also write to standard output.</summary>
    public bool ToConsole { get; init; }

    /// <summary>Begin lines with the time.</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>Time with microseconds.</summary>
    public bool Micros { get; init; }

    /// <summary>Name the thread.</summary>
    public bool ThreadNames { get; init; }

    /// <summary>Name the place in the source that logs; costs a walk up the stack for each line.</summary>
    public bool SourceLocations { get; init; }

    /// <summary>Name category and level even where they are understood.</summary>
    public bool LevelAlways { get; init; }

    /// <summary>Cut a file of more than 11 MB down to its last 10 MB at start.</summary>
    public bool Shrink { get; init; }
}
