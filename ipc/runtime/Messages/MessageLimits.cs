using Dash.Ipc.Layout;

namespace Dash.Ipc.Messages;

/// <summary>What a received message may cost before it is refused.</summary>
public sealed record MessageLimits
{
    /// <summary>The limits between processes of one machine, the same as the reference implementation's.</summary>
    public static MessageLimits Default { get; } = new();

    /// <summary>Words of all segments together: 8 Mi, 64 MiB.</summary>
    public int MaxWords { get; init; } = 8 * 1024 * 1024;

    /// <summary>Segments of one message.</summary>
    public int MaxSegments { get; init; } = 511;

    /// <summary>Words that may be walked while reading one message.</summary>
    public long TraversalWords { get; init; } = ReadLimit.DefaultWords;

    /// <summary>Pointers that may be followed one below another.</summary>
    public int Nesting { get; init; } = ReadLimit.DefaultNesting;
}
