using System.Text.Json;
using Dash.Primitives.Evo;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Evo;

internal static class MasternodeCount
{
    public static readonly NodeMethod Method = new("dash", "masternode count", "How many masternodes there are.")
    {
        Results =
        [
            Result.Obj(
                Result.Num("total", "All of them."),
                Result.Num("enabled", "Those that are not banned."),
                Result.Obj("detailed", "By kind.",
                    Result.Obj("regular", "Those of the payment chain only.",
                        Result.Num("total", "All."),
                        Result.Num("enabled", "Not banned.")),
                    Result.Obj("evo", "Those of the platform too.",
                        Result.Num("total", "All."),
                        Result.Num("enabled", "Not banned.")))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var list = await call.Node.Validation.PostAsync(static (chainstate, _) => chainstate.Evo.ListAt(chainstate.View.Tip), ct);
        result.WriteStartObject();
        result.WriteNumber("total", list.Count);
        result.WriteNumber("enabled", list.Valid.Count());
        result.WriteStartObject("detailed");
        WriteKind("regular", MasternodeType.Regular);
        WriteKind("evo", MasternodeType.Evo);
        result.WriteEndObject();
        result.WriteEndObject();

        void WriteKind(string name, MasternodeType type)
        {
            result.WriteStartObject(name);
            result.WriteNumber("total", list.All.Count(node => node.Type == type));
            result.WriteNumber("enabled", list.Valid.Count(node => node.Type == type));
            result.WriteEndObject();
        }
    }
}
