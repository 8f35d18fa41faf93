using Dash.Rpc.Dispatch;

namespace Dash.Rpc.Tests;

/// <summary>Another process that gives one answer to everything and remembers what it was asked.</summary>
internal sealed class FakeRemote(string answer, params string[] methods) : IRemoteMethods
{
    public string Answer { get; set; } = answer;

    public List<(string Request, string Uri, string User)> Asked { get; } = [];

    public IReadOnlyList<RemoteCommand> Commands { get; } =
        [.. methods.Select(name => new RemoteCommand("wallet", name, []))];

    public ValueTask<string> ExecuteAsync(string request, string uri, string user, CancellationToken ct)
    {
        Asked.Add((request, uri, user));
        return ValueTask.FromResult(Answer);
    }
}
