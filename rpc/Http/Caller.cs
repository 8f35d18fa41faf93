namespace Dash.Rpc.Http;

/// <summary>What the connections of one user have in common. Protected by the gate of <see cref="ConnectionCrowd"/>, unless said otherwise.</summary>
internal sealed class Caller
{
    private volatile bool _isCrowd;

    /// <summary>His connections that are open.</summary>
    public int Connections { get; set; }

    /// <summary>Those that have something to read and wait for their turn.</summary>
    public Turns<CallConnection>.Line Ready { get; } = new();

    /// <summary>He has so many connections that none of them has a thread of its own. Read by any thread.</summary>
    public bool IsCrowd
    {
        get => _isCrowd;
        set => _isCrowd = value;
    }
}
