using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Control;

/// <summary>Ends the daemon.</summary>
internal static class Stop
{
    private const string Reply = Product.Name + " stopping";

    // Longer than that nobody means; the process would be killed meanwhile.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private static readonly RpcArg<JsonElement> Wait =
        Arg.OptionalAny("wait", ArgKind.Num, "How long to wait before answering, in ms.") with { IsHidden = true };

    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new("control", "stop", $"Asks {Product.Name} to shut down in an orderly way.")
        {
            Args = [Wait],
            Results = [Result.Str("", $"The text '{Reply}'")],
            Lane = RpcLane.Control,
            Handler = (call, result, _) => HandleAsync(context, call, result),
        };

    private static async ValueTask HandleAsync(ControlContext context, RpcCall call, Utf8JsonWriter result)
    {
        // The HTTP server answers what is under way before it ends, so this reply still goes out.
        context.Stop();
        if (call.Raw(Wait) is { ValueKind: JsonValueKind.Number } wait && wait.TryGetInt32(out var ms) && ms > 0)
        {
            var span = TimeSpan.FromMilliseconds(ms);
            await Task.Delay(span < LongestWait ? span : LongestWait, context.Clock, CancellationToken.None);
        }

        result.WriteStringValue(Reply);
    }
}
