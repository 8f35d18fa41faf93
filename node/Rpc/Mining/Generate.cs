using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class Generate
{
    private const string Replaced = "has been replaced by the -generate cli option. Refer to -help for more information.";

    public static readonly NodeMethod Method = new("hidden", "generate", Replaced)
    {
        Results = [Result.Any()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct) =>
        throw new RpcError(RpcErrorCode.MethodNotFound, HelpText.Render(call.Method));
}
