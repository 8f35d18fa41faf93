using System.Text;
using Dash.Rpc.Dispatch;

namespace Dash.Rpc.Tests;

/// <summary>Another process that gives one answer to everything and remembers what it was asked.</summary>
internal sealed class FakeRemote(string answer, params string[] methods) : IRemoteMethods
{
    public string Answer { get; set; } = answer;

    public List<(string Request, string Uri, string User)> Asked { get; } = [];

    public IReadOnlyList<RemoteCommand> Commands { get; } =
        [.. methods.Select(name => new RemoteCommand("wallet", name, []))];

    public ValueTask<RemoteAnswer> ExecuteAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct)
    {
        Asked.Add((Encoding.UTF8.GetString(request.Span), uri, user));
        return ValueTask.FromResult(new RemoteAnswer(null, Encoding.UTF8.GetBytes(Answer), null));
    }
}
