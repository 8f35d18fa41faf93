using Dash.Common.Options;

namespace Dash.Common.Hosting;

/// <summary>Options of every program that speaks with other processes of the house: who it is, and what a peer may cost.</summary>
public static class IpcLinkOptions
{
    /// <summary>Who this process is over TCP.</summary>
    public static readonly Option<string> Cert = Option.Str("ipccert=<file>", "ipc.pem",
        "Certificate and private key, PEM, that this side shows over TCP; made if it isn't there. A relative path is inside the "
        + "network's directory. (default: {0})", OptionGroup.Ipc);

    /// <summary>Whom it trusts over TCP.</summary>
    public static readonly Option<IReadOnlyList<string>> Trust = Option.List("ipctrust=<fingerprint>",
        "Certificate that the other side must show over TCP: its SHA-256 fingerprint, or a PEM file with it. Without one, TCP is "
        + "refused. Can be given several times", OptionGroup.Ipc);

    /// <summary>Connections of a listener.</summary>
    public static readonly Option<int> MaxConnections = Option.Int("ipcmaxconnections=<n>", 16,
        "Connections that one -ipcbind address serves at once; others wait (default: {0})", OptionGroup.Ipc);

    /// <summary>What may be walked of one message.</summary>
    public static readonly Option<int> MaxTraversal = Option.Int("ipcmaxtraversal=<n>", 64,
        "MiB that may be walked while one message is read (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Pointers one below another.</summary>
    public static readonly Option<int> MaxDepth = Option.Int("ipcmaxdepth=<n>", 64,
        "Levels of pointers that one message may have (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Segments of a message, of which there must be fewer.</summary>
    public static readonly Option<int> MaxSegments = Option.Int("ipcmaxsegments=<n>", 512,
        "A message of so many segments or more is refused (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Calls of a peer that may be executed or wait for it.</summary>
    public static readonly Option<int> MaxCalls = Option.Int("ipcmaxcalls=<n>", 1000,
        "Calls of one connection that may be executed or wait at once (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Objects on a connection.</summary>
    public static readonly Option<int> MaxObjects = Option.Int("ipcmaxobjects=<n>", 10_000,
        "Objects that one connection may hold (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Lanes that a peer may make.</summary>
    public static readonly Option<int> MaxThreads = Option.Int("ipcmaxthreads=<n>", 64,
        "Threads that one connection may ask for (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Bytes waiting to be sent before new calls wait.</summary>
    public static readonly Option<int> SendBuffer = Option.Int("ipcsendbuffer=<n>", 32,
        "MiB that may wait to be sent on one connection before new calls wait; five times as much ends it (default: {0})",
        OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Time to say who one is.</summary>
    public static readonly Option<int> HandshakeTimeout = Option.Int("ipchandshaketimeout=<n>", 5,
        "Seconds after which a connection must be ready. Who connects waits twice as long after each attempt that took them, up to a minute, "
        + "and so does who listens while it has room (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>How long a call waits for its answer.</summary>
    public static readonly Option<int> CallTimeout = Option.Int("ipccalltimeout=<n>", 30,
        "Seconds after which a call without an answer is given up, unless it is one that waits, as RPC calls do; only while the peer "
        + "answers heartbeats; 0 for never (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>How often a peer is asked whether it lives.</summary>
    public static readonly Option<int> Heartbeat = Option.Int("ipcheartbeat=<n>", 5,
        "Seconds between questions whether a peer is alive (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>Silence that means the peer is dead.</summary>
    public static readonly Option<int> Timeout = Option.Int("ipctimeout=<n>", 15,
        "Seconds of silence after which a peer, having been asked, is given up; up to five times as long where its answers were slow "
        + "(default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    /// <summary>All of these.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        Cert, Trust, MaxConnections, MaxTraversal, MaxDepth, MaxSegments, MaxCalls, MaxObjects, MaxThreads, SendBuffer,
        HandshakeTimeout, CallTimeout, Heartbeat, Timeout,
    ];
}
