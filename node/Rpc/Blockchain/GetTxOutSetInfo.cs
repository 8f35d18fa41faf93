using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetTxOutSetInfo
{
    private const string Serialized = "hash_serialized_2";
    private const string NoHash = "none";

    private static readonly RpcArg<string> HashType = Arg.Str("hash_type", Serialized, "Which hash of the set: hash_serialized_2 or none.");

    public static readonly NodeMethod Method = new("blockchain", "gettxoutsetinfo",
        "Counts all unspent outputs of the active chain. Reads them all, which takes its time on a long chain.")
    {
        Args = [HashType],
        Results =
        [
            Result.Obj(
                Result.Num("height", "Height of the chain."),
                Result.Hex("bestblock", "Its last block."),
                Result.Num("txouts", "Unspent outputs."),
                Result.Num("bogosize", "A measure of the set's size that does not depend on the database."),
                Result.Hex("hash_serialized_2", "Hash of the set.", optional: true),
                Result.Amount("total_amount", "All coins there are."),
                Result.Num("transactions", "Transactions with unspent outputs."),
                Result.Num("disk_size", "Bytes on disk, estimated.")),
        ],
        Examples = [Example.Cli(), Example.Cli("\"none\""), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var type = call.Get(HashType);
        if (type is not (Serialized or NoHash))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"{type} is not a valid hash_type");
        }

        var counted = await call.Node.Validation.PostAsync((chainstate, stop) => chainstate.CountCoins(type == Serialized, stop), ct);
        result.WriteStartObject();
        result.WriteNumber("height", counted.Block.Height);
        result.WriteHash("bestblock", counted.Block.Hash);
        result.WriteNumber("txouts", counted.Outputs);
        result.WriteNumber("bogosize", counted.BogoSize);
        if (type == Serialized)
        {
            result.WriteHash("hash_serialized_2", counted.SerializedHash);
        }

        result.WriteAmount("total_amount", counted.TotalAmount);
        result.WriteNumber("transactions", counted.Transactions);
        result.WriteNumber("disk_size", counted.DiskSize);
        result.WriteEndObject();
    }
}
