namespace Dash.Node.Net.Wire;

/// <summary>What a transport made of the bytes it was given.</summary>
internal enum TransportStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A message is complete.</summary>
    Message,

    /// <summary>Something was complete and is not to be processed, only counted.</summary>
    Rejected,

    /// <summary>The peer does not speak this protocol: the connection ends.</summary>
    Failed,
}
