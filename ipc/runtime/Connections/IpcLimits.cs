using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// What one connection may cost this process. What is over a limit ends the connection, or fails the call.
/// </summary>
public sealed record IpcLimits
{
    /// <summary>The defaults.</summary>
    public static IpcLimits Default { get; } = new();

    /// <summary>What one message may be: a frame of 64 MiB, 512 segments, nesting of 64.</summary>
    public MessageLimits Message { get; init; } = MessageLimits.Default;

    /// <summary>Calls of the peer that were not finished by it yet, answered or not. More end the connection.</summary>
    public int MaxAnswers { get; init; } = 10_000;

    /// <summary>Calls of the peer that are being executed or wait for it. More fail as overloaded.</summary>
    public int MaxRunningCalls { get; init; } = 1_000;

    /// <summary>
    /// Objects of ours that the peer may hold, and of the peer that we hold; each. More end the connection.
    /// </summary>
    public int MaxCapabilities { get; init; } = 10_000;

    /// <summary>
    /// Places in results that are not there yet which the peer may name, and, counted by themselves, its questions whether a promise
    /// has been kept that wait for that. More end the connection.
    /// </summary>
    public int MaxPromises { get; init; } = 1_000;

    /// <summary>Ordering lanes that the peer may have us make, and that we make at the peer.</summary>
    public int MaxThreads { get; init; } = 64;

    /// <summary>Bytes of calls that are being executed or wait for it. More end the connection.</summary>
    public long MaxHeldBytes { get; init; } = 256L << 20;

    /// <summary>Bytes that wait to be sent before new calls wait too.</summary>
    public long SendSoftBytes { get; init; } = 32L << 20;

    /// <summary>Bytes that wait to be sent before a peer that doesn't read is given up.</summary>
    public long SendHardBytes { get; init; } = 160L << 20;

    /// <summary>From connecting until both sides know each other's objects.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a call of ours waits for its answer, unless its method is one that waits; looked at with each heartbeat, so it
    /// may be one interval more. Only time in which the peer answers heartbeats counts. Zero for ever.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the first byte of a message to its last: who trickles a message holds what came of it.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a closing connection waits for the other side to take what is left and close too.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the peer is asked whether it lives, and looked whether it said anything.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Silence after which the peer is given up, at the latest. Of one that lately took its time to answer, that time three times
    /// more; five times as much at most.
    /// </summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The same for a peer that has not answered anything yet, if it is longer: a process that was just started needs its time, and
    /// so does one at the end of a slow link.
    /// </summary>
    public TimeSpan FirstAnswerTimeout { get; init; }
}
