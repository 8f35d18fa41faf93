using System.Text.Json;
using Dash.Primitives.Evo;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Evo;

internal static class ProTxList
{
    private static readonly RpcArg<string> Kind = Arg.Str("type", "registered",
        "Which masternodes: registered (all), valid (not banned), evo (those of the platform).");

    private static readonly RpcArg<bool> Detailed = Arg.Bool("detailed", fallback: false, "Everything about each instead of its hash alone.");

    private static readonly RpcArg<int?> Height = Arg.OptionalInt(
        "height", "After which block of the active chain.", hint: "current chain-tip");

    public static readonly NodeMethod Method = new("evo", "protx list", "The masternodes blocks have registered.")
    {
        Args = [Kind, Detailed, Height],
        Results =
        [
            Result.Arr("", "", Result.Str("", "Hash of the registration.", when: "when detailed=false")),
            Result.Arr("", "", Result.Obj("when detailed=true", ProTxEntry.Results)),
        ],
        Examples = [Example.Cli("valid true"), Example.Rpc("\"valid\", true")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var kind = call.Get(Kind);
        if (kind == "wallet")
        {
            throw new RpcError(RpcErrorCode.Misc, "\"protx list wallet\" not supported when wallet is disabled");
        }

        if (kind is not ("registered" or "valid" or "evo"))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "invalid type specified");
        }

        var height = call.Get(Height) ?? call.View.Height;
        if (height < 1 || call.View.At(height) is not { } block)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "invalid height specified");
        }

        var isDetailed = call.Get(Detailed);
        var entries = await ProTxEntry.ReadAsync(call, block, withCollaterals: isDetailed, ct);
        result.WriteStartArray();
        foreach (var entry in entries)
        {
            if ((kind == "valid" && entry.Node.State.IsBanned) || (kind == "evo" && entry.Node.Type != MasternodeType.Evo))
            {
                continue;
            }

            if (isDetailed)
            {
                ProTxEntry.Write(result, call, entry, block: null);
            }
            else
            {
                result.WriteHashValue(entry.Node.ProTxHash.Value);
            }
        }

        result.WriteEndArray();
    }
}
