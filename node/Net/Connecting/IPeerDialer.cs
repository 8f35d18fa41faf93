namespace Dash.Node.Net.Connecting;

/// <summary>Makes connections to other nodes.</summary>
internal interface IPeerDialer
{
    /// <summary>Connects.</summary>
    /// <param name="target">To whom.</param>
    /// <param name="isManual">Whether the user asked for it, so that a failure is worth a line.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The connection, or null if there is none to be had.</returns>
    public ValueTask<DialedConnection?> DialAsync(DialTarget target, bool isManual, CancellationToken ct);
}
