using System.Text.Json;
using Dash.Node.Mempool;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mempool;

internal static class SaveMempool
{
    public static readonly NodeMethod Method = new("blockchain", "savemempool", "Writes the mempool to disk. Fails until the last one is read.")
    {
        Results = [Result.Obj(Result.Str("filename", "Full path of the file."))],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (!call.Node.Mempool.IsLoaded)
        {
            throw new RpcError(RpcErrorCode.Misc, "The mempool was not loaded yet");
        }

        var path = Path.Combine(call.Node.Directory, MempoolFile.Name);
        if (!call.Node.Mempool.Save(path))
        {
            throw new RpcError(RpcErrorCode.Misc, "Unable to dump mempool to disk");
        }

        result.WriteStartObject();
        result.WriteString("filename", path);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
