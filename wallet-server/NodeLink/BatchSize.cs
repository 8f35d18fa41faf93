namespace Dash.WalletServer.NodeLink;

/// <summary>
/// How much is asked for at once by a wallet that catches up: as much as one message should hold where the link is quick, and on a
/// slow one less and less, so that no message takes too long to arrive at all.
/// </summary>
internal sealed class BatchSize
{
    /// <summary>With this it begins: stored in a fraction of a second.</summary>
    public const uint First = 1 << 20;

    private const uint Least = 1 << 17;
    private const uint Most = 8 << 20;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    /// <summary>For the next batch.</summary>
    public uint Bytes { get; private set; } = First;

    /// <summary>A batch has arrived.</summary>
    /// <param name="taken">Since it was asked for, without the time that the shortest answer takes.</param>
    public void Arrived(TimeSpan taken) => Bytes = taken < Quick ? Math.Min(Bytes * 2, Most) : Math.Max(Bytes / 2, Least);
}
