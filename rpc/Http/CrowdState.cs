namespace Dash.Rpc.Http;

/// <summary>What a connection is doing, for the threads of a <see cref="ConnectionCrowd"/>.</summary>
internal enum CrowdState
{
    /// <summary>Nothing came.</summary>
    Resting,

    /// <summary>Something came, and waits for its turn.</summary>
    Ready,

    /// <summary>A thread is at it.</summary>
    Served,

    /// <summary>A thread is at it, and more has come.</summary>
    ServedAgain,

    /// <summary>It has a thread of its own, has ended, or waits until what came is taken.</summary>
    Away,
}
