namespace Dash.WalletServer.Rpc.Events;

/// <summary>A receiver answered, but did not take the event.</summary>
/// <param name="status">What it answered.</param>
/// <param name="after">When it wants to be asked again; null if it did not say.</param>
internal sealed class WebhookRefusal(int status, TimeSpan? after) : Exception($"it answered {status}")
{
    /// <summary>When it wants to be asked again.</summary>
    public TimeSpan? After { get; } = after;
}
