using System.Text;
using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class ListSinceBlock
{
    private const string ExampleHash = "\"000000000000000bacf66f7497b7dc45ef753ee9a7d38571037cdb1a57f663ad\"";

    private static readonly RpcArg<string?> Hash = Arg.OptionalStr(
        "blockhash", "The block. Without it, all transactions.");
    private static readonly RpcArg<int> Target = Arg.Int("target_confirmations", fallback: 1,
        "Which block to name as lastblock: that with so many confirmations; 1 is the tip. It does not change the list.");

    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly(
        "Include payments to watched addresses.");
    private static readonly RpcArg<bool> IncludeRemoved = Arg.Bool("include_removed", fallback: true,
        "Also list what was in blocks that have left the chain since.");

    private static readonly IReadOnlyList<RpcResult> Line = [.. TxLine.Results, .. WalletTxJson.Results, TxLine.AbandonedResult];

    public static readonly WalletMethod Method = new("wallet", "listsinceblock",
        "The payments in blocks after a block, and those in no block.\n" +
        "If the block has left the chain, those after the last block that it has in common with the chain.")
    {
        Args = [Hash, Target, WatchOnly, IncludeRemoved],
        Results =
        [
            Result.Obj(
                Result.Arr("transactions", "", Result.Obj("", "", [.. Line])),
                Result.Arr("removed",
                    "With include_removed: in the same form, what was in blocks that have left the chain.\n" +
                    "What is in the chain again is listed here as well.", Result.Obj("", "", [.. Line])) with { IsOptional = true },
                Result.Hex("lastblock", "The block to give next time.")),
        ],
        Examples = [Example.Cli(), Example.Cli(ExampleHash + " 6"), Example.Rpc(ExampleHash + ", 6")],
        Lane = RpcLane.Heavy,
        Reflects = StateAsync,
        Handler = HandleAsync,
    };

    // Where a block is and which is so deep may be the node's to say.
    private static async ValueTask<AnswerState?> StateAsync(WalletCall call, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var state = WholeWallet.Of(call, wallet);

        // Rows that are kept need no answer that is kept.
        return call.Has(Hash) || call.Get(Target) != 1 || call.ListsOf(wallet, call.SnapshotOf(wallet).TxCount) is not null ? null : state;
    }

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var snapshot = call.SnapshotOf(wallet);
        Since? since = null;
        if (call.Get(Hash) is { Length: > 0 })
        {
            since = await FindAsync(call, snapshot, new BlockHash(call.Raw(Hash).AsHash("blockhash")), ct);
        }

        var target = call.Get(Target);
        if (target < 1)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter");
        }

        call.Get(WatchOnly);
        var includeRemoved = call.Get(IncludeRemoved);
        var last = await HashAtAsync(call, snapshot, Math.Max(snapshot.Tip.Height + 1 - target, 0), ct);

        if (since is null && target == 1 && call.ListsOf(wallet, snapshot.TxCount) is { } lists && TryWriteKept(call, lists, includeRemoved, ct))
        {
            return;
        }

        using var view = call.OpenView(wallet);
        result.WriteStartObject();
        result.WriteStartArray("transactions");
        foreach (var tx in view.Since(since?.Height ?? -1))
        {
            ct.ThrowIfCancellationRequested();
            Write(result, view, tx);
        }

        result.WriteEndArray();
        if (includeRemoved)
        {
            result.WriteStartArray("removed");
            foreach (var tx in (since?.Left ?? []).Select(view.Find).OfType<WalletTx>())
            {
                Write(result, view, tx, minDepth: int.MinValue);
            }

            result.WriteEndArray();
        }

        result.WriteHash("lastblock", last);
        result.WriteEndObject();
    }

    // With the tip that the list shows, which the wallet remembers.
    private static bool TryWriteKept(WalletCall call, WalletLists.OfWallet lists, bool includeRemoved, CancellationToken ct) =>
        call.Reply is { } reply && lists.TryWrite(call, lists.Transactions, (list, view) =>
        {
            var mark = reply.Length;
            reply.Append("{\"transactions\":"u8);
            if (!list.TryWrite(view, reply, ct))
            {
                reply.Truncate(mark);
                return false;
            }

            var last = Remembered(view.Snapshot).Last(point => point.Height <= view.Snapshot.Tip.Height).Hash;
            reply.Append(includeRemoved ? ",\"removed\":[],\"lastblock\":\""u8 : ",\"lastblock\":\""u8);
            reply.Append(Encoding.ASCII.GetBytes(last.ToString()));
            reply.Append("\"}"u8);
            return true;
        });

    private static void Write(Utf8JsonWriter result, WalletView view, WalletTx tx, int minDepth = 0)
    {
        foreach (var line in TxLine.Of(view, tx, minDepth))
        {
            line.Write(result, view, withTx: true);
        }
    }

    // Blocks that the wallet remembers need no question. From one that has left the chain back to the fork.
    private static async Task<Since> FindAsync(WalletCall call, WalletSnapshot snapshot, BlockHash hash, CancellationToken ct)
    {
        var left = new List<Txid>();
        while (true)
        {
            foreach (var point in Remembered(snapshot))
            {
                if (point.Hash == hash)
                {
                    return new Since(point.Height, left);
                }
            }

            var feed = call.Context.Node.Require().Feed;
            var header = await feed.GetBlockHeaderInfoAsync(hash, ct)
                ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Block not found");
            if (header.OnActiveChain)
            {
                return new Since(header.Height, left);
            }

            var block = await feed.GetBlockAsync(hash, ct)
                ?? throw new RpcError(RpcErrorCode.InternalError, "Can't read block from disk");
            if (block.Ref.Hash != hash)
            {
                throw new FeedException($"the node was asked for block {hash} and sent {block.Ref.Hash}");
            }

            // A block whose header is what its hash says leads back to the first block, however the node lies.
            var facts = ChainGuard.Check(block, snapshot.Chain);
            AddTransactions(facts.Data.Span, left);
            hash = facts.Previous;
        }
    }

    private static void AddTransactions(ReadOnlySpan<byte> block, List<Txid> txids)
    {
        var scanner = new BlockScanner(block);
        while (scanner.MoveNext())
        {
            txids.Add(scanner.Current.ComputeTxid());
        }
    }

    // A block the wallet remembers, or the node's answer. Without a node an older one: who starts there misses nothing.
    private static async Task<BlockHash> HashAtAsync(WalletCall call, WalletSnapshot snapshot, int height, CancellationToken ct)
    {
        var nearest = Remembered(snapshot).Last(point => point.Height <= height);
        return nearest.Height < height && call.Context.Node.Session is { } session
            ? await session.Feed.GetBlockHashAsync(height, ct) ?? nearest.Hash
            : nearest.Hash;
    }

    private static IEnumerable<BlockPoint> Remembered(WalletSnapshot snapshot) =>
        snapshot.Trail.Points.Where(point => point.Height > 0).Prepend(new BlockPoint(snapshot.Chain.Genesis.Header.Hash, 0));

    /// <summary>Where a list begins.</summary>
    /// <param name="Height">The last block not listed.</param>
    /// <param name="Left">Transactions of blocks that have left the chain, the newest block first.</param>
    private sealed record Since(int Height, IReadOnlyList<Txid> Left);
}
