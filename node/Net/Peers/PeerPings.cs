namespace Dash.Node.Net.Peers;

/// <summary>Pings sent to a peer. Written by the message loop, read by anybody; times are microseconds.</summary>
internal sealed class PeerPings
{
    /// <summary>The number of the ping that waits for its answer; 0 for none.</summary>
    public ulong Nonce { get; set; }

    /// <summary>When it was sent, or the last one; 0 before the first.</summary>
    public long StartUs { get; set; }

    /// <summary>The last ping's time, if there is one.</summary>
    public long? LastUs { get; set; }

    /// <summary>The shortest ping's time, if there is one.</summary>
    public long? MinimumUs { get; set; }

    /// <summary>Somebody asked for a ping.</summary>
    public bool IsRequested { get; set; }
}
