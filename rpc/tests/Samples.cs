using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests;

/// <summary>Methods to call, declared as a daemon declares its own.</summary>
internal static class Samples
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "Where to pay to.");
    private static readonly RpcArg<Amount> Amount = Arg.Amount("amount", "How much, in DASH.");
    private static readonly RpcArg<string?> Comment = Arg.OptionalStr("comment|note", "A note.");
    private static readonly RpcArg<bool> Verbose = Arg.Bool("verbose", fallback: false, "Say more.");

    public static RpcMethod<RpcCall> Pay { get; } = new("money", "pay", "\nPays somebody.\n")
    {
        Args = [Address, Amount, Comment, Verbose],
        Results =
        [
            Result.Hex("txid", "The transaction's id.", when: "without verbose"),
            Result.Obj(
                when: "with verbose",
                Result.Hex("txid", "The transaction's id."),
                Result.Amount("amount", "What was paid."),
                Result.Str("comment", "The note.", optional: true)),
        ],
        Examples = [Example.Cli("Pay 0.1 Dash", $"\"{Example.Address}\" 0.1"), Example.Rpc($"\"{Example.Address}\", 0.1")],
        Handler = PayAsync,
    };

    public static RpcMethod<RpcCall> List { get; } = new("money", "coins list", "Lists coins.")
    {
        Args = [Arg.Int("count", fallback: 10, "How many.")],
        Results = [Result.Arr("", "Coins", Result.Num("", "A coin"))],
        Handler = (call, result, _) =>
        {
            result.WriteStartArray();
            for (var i = 0; i < call.Get((RpcArg<int>)call.Method.Args[0]); i++)
            {
                result.WriteNumberValue(i);
            }

            result.WriteEndArray();
            return ValueTask.CompletedTask;
        },
    };

    public static RpcMethod<RpcCall> Nothing { get; } = new("money", "nothing", "Answers null.")
    {
        Results = [Result.None()],
        Handler = (_, _, _) => ValueTask.CompletedTask,
    };

    public static RpcMethod<RpcCall> Broken { get; } = new("hidden", "broken", "Fails.")
    {
        IsAddition = true,
        Args = [Arg.OptionalStr("how", "What to throw.")],
        Results = [Result.None()],
        Handler = (call, result, _) => call.Get((RpcArg<string?>)call.Method.Args[0]) switch
        {
            "refused" => throw new RpcError(RpcErrorCode.Wallet, "Refused: \"no\""),
            "translated" => throw new NotSupportedException("mine"),
            "undocumented" => Write(result),
            "half" => WriteHalf(result),
            _ => throw new InvalidOperationException("a bug"),
        },
    };

    /// <summary>Answers when its token fires or the gate opens.</summary>
    public static RpcMethod<RpcCall> Wait(Task gate, Action? onStart = null, RpcLane lane = RpcLane.Normal) =>
        new("hidden", "wait", "Waits.")
        {
            Results = [Result.None()],
            Lane = lane,
            Handler = async (_, _, ct) =>
            {
                onStart?.Invoke();
                await gate.WaitAsync(ct);
            },
        };

    private static ValueTask PayAsync(RpcCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var (address, amount) = (call.Get(Address), call.Get(Amount));
        var txid = new string('a', 63) + (address.Length % 10);
        if (!call.Get(Verbose))
        {
            result.WriteStringValue(txid);
            return ValueTask.CompletedTask;
        }

        result.WriteStartObject();
        result.WriteString("txid", txid);
        result.WriteAmount("amount", amount);
        if (call.Get(Comment) is { } comment)
        {
            result.WriteString("comment", comment);
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static ValueTask Write(Utf8JsonWriter result)
    {
        result.WriteNumberValue(1);
        return ValueTask.CompletedTask;
    }

    private static ValueTask WriteHalf(Utf8JsonWriter result)
    {
        result.WriteStartObject();
        throw new RpcError(RpcErrorCode.Misc, "half way");
    }
}
