using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class GetMiningInfo
{
    public static readonly NodeMethod Method = new("mining", "getmininginfo", "What a miner wants to know.")
    {
        Results =
        [
            Result.Obj(
                Result.Num("blocks", "Height of the active chain."),
                Result.Num("currentblocksize", "Bytes of the last block that was put together here.", optional: true),
                Result.Num("currentblocktx", "Its transactions, without the coinbase.", optional: true),
                Result.Num("difficulty", "Difficulty of the last block."),
                Result.Num("networkhashps", "Hashes a second that the network seems to try."),
                Result.Num("pooledtx", "Transactions in the mempool."),
                Result.Str("chain", "main, test, devnet or regtest."),
                Result.Str("warnings", "Anything an operator should know.")),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var view = call.View;
        result.WriteStartObject();
        result.WriteNumber("blocks", view.Height);
        if (call.Node.Assembler is { LastSize: { } size, LastCount: { } count })
        {
            result.WriteNumber("currentblocksize", size);
            result.WriteNumber("currentblocktx", count);
        }

        result.WriteReal("difficulty", Difficulty.Of(view.Tip.Header.Bits));
        result.WriteReal("networkhashps", NetworkHashRate.Of(view, NetworkHashRate.DefaultBlocks, -1, call.Node.Network.DifficultyInterval));
        result.WriteNumber("pooledtx", call.Node.Mempool.Summary.Count);
        result.WriteString("chain", call.Node.Network.Name);
        result.WriteString("warnings", call.Node.Chainstate.TipReport.Warning);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
