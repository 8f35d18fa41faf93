using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Methods;

/// <summary>One call of one method, its arguments in their positions.</summary>
/// <param name="Request">As it came.</param>
/// <param name="Method">What is called.</param>
/// <param name="Arguments">By position; trailing ones may be missing, absent ones are null.</param>
public sealed record RpcInvocation(RpcRequest Request, RpcMethod Method, IReadOnlyList<JsonElement> Arguments)
{
    /// <summary>Where the result goes, for a handler that writes all of it as bytes and nothing to its writer; null where there is none.</summary>
    public ReplyBuffer? Reply { get; init; }

    /// <summary>The handler has changed something that stays, or begun something that goes on, although it is not done.</summary>
    public bool HasEffect { get; set; }
}

/// <summary>
/// What a handler is given. Arguments are read with their declarations as keys, and checked when they are read, so errors
/// come in the order in which a handler looks at things. Daemons derive from it and add their context.
/// </summary>
public class RpcCall(RpcInvocation invocation)
{
    /// <summary>The method that runs.</summary>
    public RpcMethod Method => invocation.Method;

    /// <summary>Path of the request, undecoded: <c>/</c> or <c>/wallet/name</c>.</summary>
    public string Uri => invocation.Request.Uri;

    /// <summary>Name of the wallet in the path; null if it names none, empty for the wallet without a name.</summary>
    public string? WalletName => RpcRequest.WalletName(Uri);

    /// <summary>The authenticated user.</summary>
    public string User => invocation.Request.User;

    /// <summary>What it was made from.</summary>
    protected RpcInvocation Invocation => invocation;

    /// <summary>Where the result goes, for a handler that writes all of it as bytes and nothing to its writer; null where there is none.</summary>
    public ReplyBuffer? Reply => invocation.Reply;

    /// <summary>
    /// From here on a deadline that passes does not mean that nothing was done. For handlers that wait for something after their
    /// effect, before they wait.
    /// </summary>
    public void MarkEffect() => invocation.HasEffect = true;

    /// <summary>The request itself.</summary>
    protected RpcRequest Request => invocation.Request;

    /// <summary>What the caller said beside method and parameters.</summary>
    public CallOptions Options => invocation.Request.Options;

    /// <summary>All parameters as they came; the same text is the same request.</summary>
    public JsonElement Params => invocation.Request.Params;

    /// <summary>All arguments by position as they came.</summary>
    public IReadOnlyList<JsonElement> Arguments => invocation.Arguments;

    /// <summary>The value of an argument, or its fallback.</summary>
    /// <exception cref="RpcError">The value has the wrong type or form.</exception>
    public T Get<T>(RpcArg<T> arg)
    {
        var value = Raw(arg);
        return arg.IsOptional && value.IsAbsent() ? arg.Fallback : arg.Read(value);
    }

    /// <summary>True if the argument was given and is not null.</summary>
    public bool Has(RpcArg arg) => !Raw(arg).IsAbsent();

    /// <summary>An argument as it came; <c>default</c> if it was not given.</summary>
    public JsonElement Raw(RpcArg arg)
    {
        for (var i = 0; i < Method.Args.Count; i++)
        {
            if (ReferenceEquals(Method.Args[i], arg))
            {
                return i < Arguments.Count ? Arguments[i] : default;
            }
        }

        throw new InvalidOperationException($"{Method.Name} reads the argument {arg.Names}, which it does not declare");
    }
}
