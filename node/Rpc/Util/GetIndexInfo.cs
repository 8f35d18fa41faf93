using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Util;

internal static class GetIndexInfo
{
    private static readonly RpcArg<string?> Name = Arg.OptionalStr("index_name", "Only the index of this name.");

    public static readonly NodeMethod Method = new("util", "getindexinfo", "How far the optional indexes are.")
    {
        Args = [Name],
        Results =
        [
            Result.ObjDyn("", "", Result.Obj("name", "The index's name.",
                Result.Bool("synced", "Whether it follows the chain."),
                Result.Num("best_block_height", "Height of the last block it has read."))),
        ],
        Examples = [Example.Cli(), Example.Rpc(), Example.Cli("txindex"), Example.Rpc("txindex")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var name = call.Get(Name);
        result.WriteStartObject();
        foreach (var index in call.Node.Indexes.Running.Where(index => string.IsNullOrEmpty(name) || index.Name == name))
        {
            result.WriteStartObject(index.Name);
            result.WriteBoolean("synced", index.IsSynced);
            result.WriteNumber("best_block_height", index.Best?.Height ?? 0);
            result.WriteEndObject();
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
