using System.Globalization;
using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class GetAssetUnlockStatuses
{
    private const int Most = 100;

    private static readonly RpcArg<IReadOnlyList<string>> Indexes = Arg.Array(
        "indexes", "Numbers of withdrawals as texts, at most 100.", Arg.Str("index", "A number.") with { Kind = ArgKind.Num });

    private static readonly RpcArg<int?> Height = Arg.OptionalInt("height", "Look at the chain up to this height only.");

    public static readonly NodeMethod Method = new("rawtransactions", "getassetunlockstatuses", "How far withdrawals from the platform are.")
    {
        Args = [Indexes, Height],
        Results =
        [
            Result.Arr("", "One for each number, in their order.",
                Result.Obj("", "",
                    Result.Num("index", "The number."),
                    Result.Str("status", "\"chainlocked\", \"mined\", \"mempooled\" or \"unknown\"."))),
        ],
        Examples = [Example.Cli("'[\"7\",\"8\"]'"), Example.Rpc("[\"7\",\"8\"]")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var indexes = call.Raw(Indexes).AsArray();
        if (indexes.GetArrayLength() > Most)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Up to 100 indexes only");
        }

        var view = call.View;
        var height = call.Get(Height);
        if (height < 0 || height > view.Height)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Block height out of range");
        }

        // Up to a height all counts as locked; without one the coinbase at the tip says how far locks are known.
        var locked = height is { } given ? view.At(given) : FindLocked(call, view.Tip);
        var (lockedPool, pool) = await call.Node.Validation.PostAsync(
            (chainstate, _) => (PoolAt(chainstate, locked), height is null ? PoolAt(chainstate, view.Tip) : null), ct);
        var waiting = height is null ? ReadMempool(call) : [];
        result.WriteStartArray();
        foreach (var item in indexes.EnumerateArray())
        {
            if (!ulong.TryParse(item.AsStr(), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, "invalid index");
            }

            result.WriteStartObject();
            result.WriteNumber("index", index);
            result.WriteString(
                "status",
                lockedPool?.Indexes.Contains(index) == true ? "chainlocked"
                : pool?.Indexes.Contains(index) == true ? "mined"
                : waiting.Contains(index) ? "mempooled"
                : "unknown");
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static BlockNode? FindLocked(NodeCall call, BlockNode tip)
    {
        if (!tip.HasData)
        {
            return null;
        }

        var coinbase = call.Node.Archive.ReadBlock(tip).Transactions[0];
        return coinbase.Type == TransactionType.CoinbaseSpecial
            && CbTx.TryParse(coinbase.ExtraPayload.Span, out var payload)
            && payload.HasChainLock
            ? tip.Ancestor(tip.Height - (int)payload.BestChainLockHeightDifference - 1)
            : null;
    }

    private static CreditPool? PoolAt(Chainstate chainstate, BlockNode? node) => node is null ? null : EvoStates.Of(chainstate, node).CreditPool;

    private static HashSet<ulong> ReadMempool(NodeCall call)
    {
        HashSet<ulong> indexes = [];
        foreach (var entry in call.Node.Mempool.View.Graph.Entries)
        {
            if (entry.Transaction.Type == TransactionType.AssetUnlock && AssetUnlock.TryParse(entry.Transaction.ExtraPayload.Span, out var unlock))
            {
                indexes.Add(unlock.Index);
            }
        }

        return indexes;
    }
}
