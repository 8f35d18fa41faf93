namespace Dash.Rpc.Http;

/// <summary>One event of a stream.</summary>
/// <param name="Id">Its number: <c>since</c> this one the next ones come.</param>
/// <param name="Name">What it is.</param>
/// <param name="Data">More about it, JSON in one line.</param>
public sealed record StreamEvent(long Id, string Name, string Data);

/// <summary>Events that clients follow over HTTP (server-sent events), from where they were, without gaps.</summary>
public interface IEventStreams
{
    /// <summary>The method whose permission following needs.</summary>
    public string Method { get; }

    /// <summary>Events of a wallet after a number, as they come, until cancelled; null when there is no such wallet.</summary>
    public IAsyncEnumerable<StreamEvent>? Follow(string wallet, long since, CancellationToken ct);
}
