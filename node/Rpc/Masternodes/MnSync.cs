using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Masternodes;

internal static class MnSync
{
    private static readonly RpcArg<string> Mode = Arg.Str("mode", "status: shows it; next: goes on to the next step; reset: starts again.");

    public static readonly NodeMethod Method = new("dash", "mnsync", "How far the data beside the chain is in step with the peers.")
    {
        Args = [Mode],
        Results =
        [
            Result.Obj(when: "for mode = status",
                Result.Num("AssetID", "Number of the step."),
                Result.Str("AssetName", "Its name."),
                Result.Num("AssetStartTime", "Since when, seconds since 1970."),
                Result.Num("Attempt", "How many peers were asked."),
                Result.Bool("IsBlockchainSynced", "Whether the chain is there."),
                Result.Bool("IsSynced", "Whether all is there.")),
            Result.Str("", "What was done.", when: "for mode = next|reset"),
        ],
        Examples = [Example.Cli("status"), Example.Rpc("\"status\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var sync = call.Node.Peers.Sync;
        switch (call.Get(Mode))
        {
            case "status":
                result.WriteStartObject();
                result.WriteNumber("AssetID", sync.Asset);
                result.WriteString("AssetName", sync.AssetName);
                result.WriteNumber("AssetStartTime", sync.Started);
                result.WriteNumber("Attempt", sync.Attempts);
                result.WriteBoolean("IsBlockchainSynced", sync.IsBlockchainSynced);
                result.WriteBoolean("IsSynced", sync.IsSynced);
                result.WriteEndObject();
                break;
            case "next":
                sync.Next();
                result.WriteStringValue("sync updated to " + sync.AssetName);
                break;
            case "reset":
                sync.Reset();
                result.WriteStringValue("success");
                break;
            default:
                result.WriteStringValue("failure");
                break;
        }

        return ValueTask.CompletedTask;
    }
}
