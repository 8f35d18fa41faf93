using Dash.Rpc.Http;

namespace Dash.Node.Rpc.Rest;

/// <summary>One REST request and what answers it.</summary>
/// <param name="Path">What is asked for.</param>
/// <param name="Node">The node.</param>
/// <param name="CallAsync">Answers with the result of a method, given its name and arguments as JSON.</param>
internal sealed record RestCall(RestPath Path, NodeContext Node, Func<string, string, CancellationToken, ValueTask<OpenReply>> CallAsync);
