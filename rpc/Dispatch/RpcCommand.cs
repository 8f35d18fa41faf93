using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Dispatch;

/// <summary>A method of this process in a table: its declaration, and its handler tied to the daemon's call type.</summary>
/// <param name="Method">The declaration.</param>
/// <param name="RunAsync">Runs the handler.</param>
public sealed record RpcCommand(
    RpcMethod Method, Func<RpcInvocation, Utf8JsonWriter, CancellationToken, ValueTask> RunAsync)
{
    /// <summary>What an answer reflects, where answers may be kept.</summary>
    public Func<RpcInvocation, CancellationToken, ValueTask<AnswerState?>>? ReflectsAsync { get; init; }
}

/// <summary>A method that another process serves.</summary>
/// <param name="Category">Section of <c>help</c>.</param>
/// <param name="Name">The name; for sub-commands two words.</param>
/// <param name="ArgNames">Names of its arguments, alternatives as <c>a|b</c>.</param>
public sealed record RemoteCommand(string Category, string Name, IReadOnlyList<string> ArgNames)
{
    /// <summary>What a process tells another one about a method of its own.</summary>
    public static RemoteCommand Of(RpcMethod method) =>
        new(method.Category, method.Name, [.. method.Args.Select(arg => arg.Names)]);
}

/// <summary>Methods of another process: what a table asks of the link to it.</summary>
public interface IRemoteMethods
{
    /// <summary>What the other process serves.</summary>
    public IReadOnlyList<RemoteCommand> Commands { get; }

    /// <summary>The process is there. One that went may leave its methods, whose callers are told so.</summary>
    public bool IsThere => true;

    /// <summary>Has a request answered there.</summary>
    /// <param name="request">A whole JSON-RPC object, or an array of such; unchanged until the call ends.</param>
    /// <param name="uri">Path, undecoded.</param>
    /// <param name="user">The authenticated user.</param>
    /// <param name="ct">Caller gone, or daemon stopping.</param>
    public ValueTask<RemoteAnswer> ExecuteAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct);
}
