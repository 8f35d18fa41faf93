using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetTxOutSetInfo
{
    private const string Serialized = "hash_serialized_2";

    private static readonly RpcArg<string> HashType = Arg.Str("hash_type", Serialized,
        "Which hash of the set: hash_serialized_2, muhash or none.");

    private static readonly RpcArg<JsonElement> Target = Arg.OptionalAny("hash_or_height", ArgKind.Num,
        "The block after which to look, by hash or height. Needs -coinstatsindex.") with
    {
        DefaultText = "the current best block",
        TypeText = "string or numeric",
    };

    private static readonly RpcArg<bool> UseIndex = Arg.Bool("use_index", true, "Ask the index instead of counting, if there is one.");

    public static readonly NodeMethod Method = new("blockchain", "gettxoutsetinfo",
        "Counts all unspent outputs of the active chain. Without -coinstatsindex it reads them all, which takes its time on a long chain.")
    {
        Args = [HashType, Target, UseIndex],
        Results =
        [
            Result.Obj(
                Result.Num("height", "Height of the block."),
                Result.Hex("bestblock", "The block."),
                Result.Num("txouts", "Unspent outputs."),
                Result.Num("bogosize", "A measure of the set's size that does not depend on the database."),
                Result.Hex("hash_serialized_2", "Hash of the set, if asked for.", optional: true),
                Result.Hex("muhash", "Hash of the set, if asked for.", optional: true),
                Result.Num("transactions", "Transactions with unspent outputs; not from the index.", optional: true),
                Result.Num("disk_size", "Bytes on disk, estimated; not from the index.", optional: true),
                Result.Amount("total_amount", "All coins there are."),
                Result.Amount("total_unspendable_amount", "All that is lost for ever; from the index.", optional: true),
                Result.Obj("block_info", "What the block did; from the index.",
                    Result.Amount("prevout_spent", "What it spent."),
                    Result.Amount("coinbase", "What its coinbase made."),
                    Result.Amount("new_outputs_ex_coinbase", "What its other transactions made."),
                    Result.Amount("unspendable", "What is lost by it."),
                    Result.Obj("unspendables", "How.",
                        Result.Amount("genesis_block", "The genesis block's reward cannot be spent."),
                        Result.Amount("bip30", "Outputs that others of the same name took the place of."),
                        Result.Amount("scripts", "Outputs whose scripts can never be satisfied."),
                        Result.Amount("unclaimed_rewards", "What the miner did not take."))) with { IsOptional = true }),
        ],
        Examples =
        [
            Example.Cli(), Example.Cli("\"none\""), Example.Cli("\"none\" 1000"),
            Example.Cli("\"none\" '\"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\"'"),
            Example.Rpc(), Example.Rpc("\"none\""), Example.Rpc("\"none\", 1000"),
            Example.Rpc("\"none\", \"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var type = call.Get(HashType);
        var kind = type switch
        {
            Serialized => CoinHash.Serialized,
            "muhash" => CoinHash.MuHash,
            "none" => CoinHash.None,
            _ => throw new RpcError(RpcErrorCode.InvalidParameter, $"'{type}' is not a valid hash_type"),
        };
        await call.Node.Validation.FlushAsync(ct);
        var usesIndex = call.Get(UseIndex);
        var index = call.Node.Indexes.CoinStats;
        var block = ReadTarget(call, index, kind, usesIndex) ?? call.View.Tip;
        if (usesIndex && index is not null)
        {
            var isReady = await index.CaughtUpAsync(ct);
            var height = index.Best?.Height ?? 0;
            if (!isReady && block.Height > height)
            {
                throw new RpcError(
                    RpcErrorCode.InternalError,
                    $"Unable to get data because coinstatsindex is still syncing. Current height: {height}");
            }

            if (kind != CoinHash.Serialized)
            {
                Write(result, index, block, kind);
                return;
            }
        }

        var counted = await call.Node.Validation.PostAsync((chainstate, stop) => chainstate.CountCoins(kind, stop), ct);
        result.WriteStartObject();
        result.WriteNumber("height", counted.Block.Height);
        result.WriteHash("bestblock", counted.Block.Hash);
        result.WriteNumber("txouts", counted.Outputs);
        result.WriteNumber("bogosize", counted.BogoSize);
        if (kind != CoinHash.None)
        {
            result.WriteHash(type, counted.SerializedHash);
        }

        result.WriteAmount("total_amount", counted.TotalAmount);
        result.WriteNumber("transactions", counted.Transactions);
        result.WriteNumber("disk_size", counted.DiskSize);
        result.WriteEndObject();
    }

    private static BlockNode? ReadTarget(NodeCall call, CoinStatsIndex? index, CoinHash kind, bool usesIndex)
    {
        if (!call.Has(Target))
        {
            return null;
        }

        if (index is null)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Querying specific block heights requires coinstatsindex");
        }

        if (kind == CoinHash.Serialized)
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, "hash_serialized_2 hash type cannot be queried for a specific block");
        }

        return usesIndex
            ? GetBlockStats.FindHashOrHeight(call, call.Raw(Target))
            : throw new RpcError(
                RpcErrorCode.InvalidParameter, "Cannot set use_index to false when querying for a specific block");
    }

    private static void Write(Utf8JsonWriter result, CoinStatsIndex index, BlockNode block, CoinHash kind)
    {
        var now = Find(index, block);
        var before = block.Previous is { } parent ? Find(index, parent) : CoinTotals.None;
        result.WriteStartObject();
        result.WriteNumber("height", block.Height);
        result.WriteHash("bestblock", block.Hash);
        result.WriteNumber("txouts", now.Outputs);
        result.WriteNumber("bogosize", now.BogoSize);
        if (kind == CoinHash.MuHash)
        {
            result.WriteHash("muhash", now.MuHash);
        }

        result.WriteAmount("total_amount", now.Amount);
        result.WriteAmount("total_unspendable_amount", now.Unspendable);
        result.WriteStartObject("block_info");
        result.WriteAmount("prevout_spent", now.Spent - before.Spent);
        result.WriteAmount("coinbase", now.Coinbase - before.Coinbase);
        result.WriteAmount("new_outputs_ex_coinbase", now.NewOutputs - before.NewOutputs);
        result.WriteAmount("unspendable", now.Unspendable - before.Unspendable);
        result.WriteStartObject("unspendables");
        result.WriteAmount("genesis_block", now.UnspendableGenesis - before.UnspendableGenesis);
        result.WriteAmount("bip30", now.UnspendableBip30 - before.UnspendableBip30);
        result.WriteAmount("scripts", now.UnspendableScripts - before.UnspendableScripts);
        result.WriteAmount("unclaimed_rewards", now.Unclaimed - before.Unclaimed);
        result.WriteEndObject();
        result.WriteEndObject();
        result.WriteEndObject();
    }

    private static CoinTotals Find(CoinStatsIndex index, BlockNode block) =>
        index.Find(block) ?? throw new RpcError(RpcErrorCode.InternalError, "Unable to read UTXO set");
}
