namespace Dash.Rpc.Http;

/// <summary>A request for a page that needs no password.</summary>
/// <param name="Path">The path behind the prefix, undecoded, without the query.</param>
/// <param name="Query">The query without its question mark; empty if there is none.</param>
/// <param name="Body">The body; empty if there is none.</param>
public sealed record OpenRequest(string Path, string Query, ReadOnlyMemory<byte> Body);

/// <summary>The answer to an <see cref="OpenRequest"/>.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Type of the body.</param>
/// <param name="Body">The body.</param>
public sealed record OpenReply(int Status, string ContentType, ReadOnlyMemory<byte> Body);

/// <summary>Pages without password that a daemon serves beside JSON-RPC.</summary>
public interface IOpenPages
{
    /// <summary>What their paths begin with: <c>/rest/</c>.</summary>
    public string Prefix { get; }

    /// <summary>Answers a request; null when there is no such page. Any thread.</summary>
    public ValueTask<OpenReply?> AnswerAsync(OpenRequest request, CancellationToken ct);
}
