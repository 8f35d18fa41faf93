using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Util;

internal static class EchoIpc
{
    private static readonly RpcArg<string> Text = Arg.Str("arg", "The text.");

    public static readonly NodeMethod Method = new("hidden", "echoipc", "Gives back a text through the interface that other processes use, for testing.")
    {
        Args = [Text],
        Results = [Result.Str("echo", "The text.")],
        Examples = [Example.Cli("\"Hello world\""), Example.Rpc("\"Hello world\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct) =>
        result.WriteStringValue(await call.Node.Echo(call.Get(Text), ct));
}
