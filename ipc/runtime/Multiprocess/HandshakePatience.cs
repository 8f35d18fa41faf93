namespace Dash.Ipc.Multiprocess;

/// <summary>
/// How long who tries again and again waits for a peer to be ready: twice as long after each attempt that ended by its time, so that
/// a slow link is waited for however slow it is, and as at first after one that went well. One attempt at a time.
/// </summary>
public sealed class HandshakePatience
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    private readonly IpcOptions _options;
    private TimeSpan _span;

    /// <summary>Nothing has been tried yet.</summary>
    /// <param name="options">What a connection may cost; its limit for the handshake is the first one.</param>
    public HandshakePatience(IpcOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _span = options.Limits.HandshakeTimeout;
    }

    /// <summary>One attempt.</summary>
    /// <param name="connect">Makes it, with these options.</param>
    public async Task<T> TryAsync<T>(Func<IpcOptions, Task<T>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        var limits = _options.Limits;
        var begun = _options.Time.GetTimestamp();
        try
        {
            var connected = await connect(_options with
            {
                Limits = limits with { HandshakeTimeout = _span, FirstAnswerTimeout = Longer(_span, limits.FirstAnswerTimeout) },
            }).ConfigureAwait(false);
            _span = limits.HandshakeTimeout;
            return connected;
        }
        catch (Exception) when (_options.Time.GetElapsedTime(begun) >= _span)
        {
            _span = Longer(_span, _span * 2 < Most ? _span * 2 : Most);
            throw;
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
