using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetChainTips
{
    private static readonly RpcArg<int> Count = Arg.Int("count", int.MaxValue, "At most so many tips.") with { DefaultText = "2147483647" };
    private static readonly RpcArg<int> BranchLength = Arg.Int("branchlen", -1, "Only branches at least so long.");

    public static readonly NodeMethod Method = new("blockchain", "getchaintips", "The ends of all known branches, the active chain's among them.")
    {
        Args = [Count, BranchLength],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Num("height", "Height of the tip."),
                Result.Hex("hash", "Hash of the tip."),
                Result.Num("difficulty", "Its difficulty."),
                Result.Hex("chainwork", "Hashes expected to make the chain up to it."),
                Result.Num("branchlen", "Blocks since the fork; 0 for the active chain."),
                Result.Hex("forkpoint", "The last block it shares with the active chain."),
                Result.Str("status", "active; valid-fork and valid-headers for branches that were checked wholly or in part; headers-only; invalid; unknown."))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var most = call.Get(Count);
        var atLeast = call.Get(BranchLength);
        var (view, tips) = await call.Node.Validation.PostAsync((chainstate, _) => (chainstate.View, chainstate.Tips()), ct);
        result.WriteStartArray();
        foreach (var tip in tips)
        {
            var fork = view.FindFork(tip);
            var length = tip.Height - fork.Height;
            if (length < atLeast)
            {
                continue;
            }

            if (most-- < 1)
            {
                break;
            }

            result.WriteStartObject();
            result.WriteNumber("height", tip.Height);
            result.WriteHash("hash", tip.Hash);
            result.WriteReal("difficulty", Difficulty.Of(tip.Header.Bits));
            result.WriteWork("chainwork", tip.ChainWork);
            result.WriteNumber("branchlen", length);
            result.WriteHash("forkpoint", fork.Hash);
            result.WriteString("status", StatusOf(tip, tip == view.Tip));
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static string StatusOf(BlockNode tip, bool isActive) =>
        isActive ? "active"
        : tip.IsFailed ? "invalid"
        : (tip.Status & BlockStatus.ConflictChainLock) != 0 ? "conflicting"
        : !tip.HasAllTransactions ? "headers-only"
        : tip.IsValid(BlockStatus.ValidScripts) ? "valid-fork"
        : tip.IsValid(BlockStatus.ValidTree) ? "valid-headers"
        : "unknown";
}
