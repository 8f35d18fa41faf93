using Dash.Common.Options;

namespace Dash.Common.Hosting;

/// <summary>What <see cref="IpcLinkOptions"/> say, as values that make sense.</summary>
public sealed record IpcLinkSettings
{
    private const int WordsOfMiB = 1 << 17;

    /// <summary>Connections that one address serves.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Words that may be walked while one message is read.</summary>
    public required long TraversalWords { get; init; }

    /// <summary>Levels of pointers of one message.</summary>
    public required int Depth { get; init; }

    /// <summary>Segments that one message may have.</summary>
    public required int Segments { get; init; }

    /// <summary>Calls of a peer at once.</summary>
    public required int Calls { get; init; }

    /// <summary>Objects that one end holds of the other.</summary>
    public required int Objects { get; init; }

    /// <summary>Threads that a peer may ask for.</summary>
    public required int Threads { get; init; }

    /// <summary>Bytes that wait to be sent before new calls wait.</summary>
    public required long SendBufferBytes { get; init; }

    /// <summary>From connecting until both ends know each other.</summary>
    public required TimeSpan Handshake { get; init; }

    /// <summary>How long a call waits for its answer; zero for ever.</summary>
    public required TimeSpan Call { get; init; }

    /// <summary>Between questions whether the peer lives.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>Silence that means the peer is dead.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>The same before the peer has answered anything: nobody knows yet how slow the link is.</summary>
    public TimeSpan FirstAnswer => Silence * 4;

    /// <summary>Reads the options; what is out of any sense is brought to the next value that makes some.</summary>
    public static IpcLinkSettings Read(Options.Options options)
    {
        // Two heartbeats at least: the peer must have time to answer.
        var silence = TimeSpan.FromSeconds(Math.Clamp(options[IpcLinkOptions.Timeout], 1, 86_400));
        var heartbeat = TimeSpan.FromSeconds(Math.Clamp(options[IpcLinkOptions.Heartbeat], 1, 86_400));
        return new IpcLinkSettings
        {
            MaxConnections = Math.Max(1, options[IpcLinkOptions.MaxConnections]),
            TraversalWords = Math.Clamp(options[IpcLinkOptions.MaxTraversal], 1, 4096) * (long)WordsOfMiB,
            Depth = Math.Clamp(options[IpcLinkOptions.MaxDepth], 8, 1024),
            Segments = Math.Clamp(options[IpcLinkOptions.MaxSegments] - 1, 1, 65_535),
            Calls = Math.Max(1, options[IpcLinkOptions.MaxCalls]),
            Objects = Math.Max(1, options[IpcLinkOptions.MaxObjects]),
            Threads = Math.Max(1, options[IpcLinkOptions.MaxThreads]),
            SendBufferBytes = (long)Math.Max(1, options[IpcLinkOptions.SendBuffer]) << 20,
            Handshake = TimeSpan.FromSeconds(Math.Clamp(options[IpcLinkOptions.HandshakeTimeout], 1, 86_400)),
            Call = TimeSpan.FromSeconds(Math.Clamp(options[IpcLinkOptions.CallTimeout], 0, 86_400)),
            Heartbeat = heartbeat < silence / 3 ? heartbeat : silence / 3,
            Silence = silence,
        };
    }
}
