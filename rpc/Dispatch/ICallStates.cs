using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>What a daemon knows of the states that requests wait for.</summary>
public interface ICallStates
{
    /// <summary>Returns when what the path means has seen so much, when nobody can say so, or when <paramref name="ct"/> fires.</summary>
    public Task ReachAsync(string uri, StateMinimum minimum, CancellationToken ct);

    /// <summary>Where it stands instead, for the refusal; null if it has seen so much or nobody can say so.</summary>
    public string? FindShortfall(string uri, StateMinimum minimum);
}
