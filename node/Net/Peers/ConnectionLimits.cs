namespace Dash.Node.Net.Peers;

/// <summary>How much may wait on one connection.</summary>
/// <param name="ReceiveBuffer">Bytes of messages that wait to be processed before reading pauses.</param>
/// <param name="SendBuffer">Bytes that wait to be sent before the peer's requests pause.</param>
internal sealed record ConnectionLimits(long ReceiveBuffer, long SendBuffer)
{
    /// <summary>The limits without options.</summary>
    public static readonly ConnectionLimits Default = new(5_000_000, 1_000_000);
}
