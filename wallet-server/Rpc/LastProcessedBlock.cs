using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc;

/// <summary>The member that says which block an answer reflects.</summary>
internal static class LastProcessedBlock
{
    /// <summary>Its declaration.</summary>
    public static RpcResult Result { get; } = Dash.Rpc.Methods.Result.Obj(
        "lastprocessedblock", "The block up to which this answer is true.",
        Dash.Rpc.Methods.Result.Hex("hash", "Its hash."),
        Dash.Rpc.Methods.Result.Num("height", "Its height."));

    /// <summary>Writes it. A wallet that has seen no block stands at the network's first one.</summary>
    public static void WriteLastProcessedBlock(this Utf8JsonWriter writer, WalletSnapshot snapshot)
    {
        var tip = snapshot.Tip;
        writer.WriteStartObject("lastprocessedblock");
        writer.WriteHash("hash", tip == BlockPoint.None ? snapshot.Chain.Genesis.Header.Hash : tip.Hash);
        writer.WriteNumber("height", Math.Max(tip.Height, 0));
        writer.WriteEndObject();
    }
}
