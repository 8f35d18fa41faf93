namespace Dash.Rpc.Http;

/// <summary>How a daemon is.</summary>
/// <param name="IsStarted">It has left its start behind.</param>
/// <param name="IsReady">It can do all it is there for.</param>
/// <param name="State">In a word or two, for people and scripts.</param>
/// <param name="Reason">Why it is not ready; null if it is.</param>
public sealed record HealthReport(bool IsStarted, bool IsReady, string State, string? Reason)
{
    /// <summary>What else whoever watches should know, in a line each; it makes no difference to being ready.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
