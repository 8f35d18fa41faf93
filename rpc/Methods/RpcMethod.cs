using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Methods;

/// <summary>
/// A method as one expression: what help says, what it takes, what it answers. The typed form below adds the handler.
/// </summary>
/// <param name="category">Section of <c>help</c>, in lower case; <c>hidden</c> keeps it out of the list.</param>
/// <param name="name">The name; for sub-commands two words, <c>protx register</c>.</param>
/// <param name="description">For help.</param>
public abstract class RpcMethod(string category, string name, string description)
{
    /// <summary>Section of <c>help</c>, in lower case.</summary>
    public string Category { get; } = category;

    /// <summary>The name; for sub-commands two words.</summary>
    public string Name { get; } = name;

    /// <summary>For help.</summary>
    public string Description { get; } = description;

    /// <summary>Arguments in their order. For sub-commands without the second word of the name.</summary>
    public IReadOnlyList<RpcArg> Args { get; init; } = [];

    /// <summary>The forms in which it answers.</summary>
    public required IReadOnlyList<RpcResult> Results { get; init; }

    /// <summary>
    /// Kinds of the first arguments that are checked before the handler runs; null for one of any kind. Without it errors come
    /// in the order in which the handler reads.
    /// </summary>
    public IReadOnlyList<ArgKind?> TypesFirst { get; init; } = [];

    /// <summary>Whether null passes that check.</summary>
    public bool TypesFirstTakeNull { get; init; }

    /// <summary>Calls to show.</summary>
    public IReadOnlyList<RpcExample> Examples { get; init; } = [];

    /// <summary>A method that dashd has not: the table that clients of dashd are made from leaves it out.</summary>
    public bool IsAddition { get; init; }

    /// <summary>Which queue its calls wait in.</summary>
    public RpcLane Lane { get; init; }

    /// <summary>True if so many positional arguments are neither too few nor too many.</summary>
    public bool Takes(int count)
    {
        var required = 0;
        for (var i = 0; i < Args.Count; i++)
        {
            if (!Args[i].IsOptional)
            {
                required = i + 1;
            }
        }

        return count >= required && count <= Args.Count;
    }

    /// <summary>Checks the arguments that are to be checked first.</summary>
    /// <exception cref="RpcError">One is of another kind.</exception>
    public void CheckTypes(IReadOnlyList<JsonElement> arguments)
    {
        for (var i = 0; i < TypesFirst.Count && i < arguments.Count; i++)
        {
            if (TypesFirst[i] is { } kind && !(TypesFirstTakeNull && arguments[i].IsAbsent()))
            {
                var expected = kind switch
                {
                    ArgKind.Str or ArgKind.Hex => "string",
                    ArgKind.Num => "number",
                    ArgKind.Bool => "bool",
                    ArgKind.Array => "array",
                    _ => "object",
                };
                if (JsonValues.TypeName(arguments[i]) != expected)
                {
                    throw JsonValues.TypeError(arguments[i], expected);
                }
            }
        }
    }
}

/// <summary>
/// Answers a call: writes exactly one JSON value to <paramref name="result"/>, or nothing for null. Refusals are
/// exceptions (<c>RpcError</c>, or what the daemon translates); the dispatcher discards what was written.
/// </summary>
/// <param name="call">Arguments, and what the daemon adds for its methods.</param>
/// <param name="result">Where the result goes.</param>
/// <param name="ct">Fires when the caller hangs up or the daemon stops.</param>
public delegate ValueTask RpcHandler<in TCall>(TCall call, Utf8JsonWriter result, CancellationToken ct)
    where TCall : RpcCall;

/// <summary>A method with its handler. A daemon derives its own, so that its declarations need no type argument.</summary>
/// <typeparam name="TCall">What its handlers are given.</typeparam>
/// <param name="category">Section of <c>help</c>.</param>
/// <param name="name">The name.</param>
/// <param name="description">For help.</param>
public class RpcMethod<TCall>(string category, string name, string description)
    : RpcMethod(category, name, description)
    where TCall : RpcCall
{
    /// <summary>Answers a call.</summary>
    public required RpcHandler<TCall> Handler { get; init; }

    /// <summary>
    /// For methods whose long answers are worth keeping: the state that the answer to a call reflects, once it may be asked; null
    /// when something else has a say in it. Left out by all others.
    /// </summary>
    public Func<TCall, CancellationToken, ValueTask<AnswerState?>>? Reflects { get; init; }
}
