namespace Dash.Node.Net.Peers;

/// <summary>Counts the bytes of all connections since the start. Any thread.</summary>
/// <param name="target">How much shall be sent at most.</param>
internal sealed class NetTotals(UploadTarget target)
{
    private long _sent;
    private long _received;

    /// <summary>Bytes sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Bytes received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>How much shall be sent at most.</summary>
    public UploadTarget Target => target;

    /// <summary>Counts bytes sent.</summary>
    public void AddSent(int bytes)
    {
        Interlocked.Add(ref _sent, bytes);
        target.Add(bytes);
    }

    /// <summary>Counts bytes received.</summary>
    public void AddReceived(long bytes) => Interlocked.Add(ref _received, bytes);
}
