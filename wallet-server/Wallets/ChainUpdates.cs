using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>What the node's news does to a wallet. Each call is one durable change at most; news twice changes nothing.</summary>
internal static class ChainUpdates
{
    /// <summary>
    /// Blocks in order of height, the first one right after the tip (or after blocks passed already, which change
    /// nothing). Stored with the last one; a wallet that none concerns moves in memory only.
    /// </summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="matches">What a scan found for this wallet in each block; null to search here.</param>
    /// <param name="now">When what is new in them is received, seconds since 1970.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    /// <returns>False when the blocks do not follow on the tip: somebody must look for the fork.</returns>
    public static Task<bool> ConnectAsync(
        this Wallet wallet, IReadOnlyList<BlockFacts> blocks, IReadOnlyList<WalletMatches>? matches, long now, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                var watched = edit.Before.Scripts.Version;
                for (var i = 0; i < blocks.Count; i++)
                {
                    var block = blocks[i];
                    var tip = edit.Trail.Tip;
                    var isPassed = block.Height <= tip.Height && edit.Trail.Contains(block.Hash);
                    if (!isPassed && tip != BlockPoint.None && block.Previous != tip.Hash)
                    {
                        return Decision<bool>.Of(false);
                    }

                    // The scripts may be others since the search, or since a block before this one widened a keychain.
                    if (block.Searched is not null && (!block.IsWholeFor(edit.Before) || edit.Before.Scripts.Version != watched))
                    {
                        break; // what comes from here on is asked for again
                    }

                    Connect(edit, block, matches?[i], now, isRescan: false);
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Old blocks looked at again; the tip stays where it is.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="matches">What a scan found for this wallet in each block; null to search here.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public static Task<bool> RescanAsync(
        this Wallet wallet, IReadOnlyList<BlockFacts> blocks, IReadOnlyList<WalletMatches>? matches, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                for (var i = 0; i < blocks.Count; i++)
                {
                    Connect(edit, blocks[i], matches?[i], now, isRescan: true);
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);
    }

    /// <summary>
    /// Notes the addresses that known transactions spend from as used, where reuse is avoided: those in blocks of some heights, and
    /// those that wait if the blocks reach to the tip. A search of blocks for coins and payments does not see what spends a coin
    /// that is gone.
    /// </summary>
    public static Task<bool> MarkSpentAsync(this Wallet wallet, int startHeight, int stopHeight, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                foreach (var tx in state.History.NewestFirst())
                {
                    // What was given up or contradicted, or waits in no mempool, is not seen by a rescan.
                    var height = (state.Snapshot.Pending.Find(tx.Txid)?.Tx.State ?? tx.State) switch
                    {
                        TxState.Confirmed confirmed => confirmed.Height,
                        TxState.InMempool => state.Snapshot.Tip.Height,
                        _ => -1,
                    };
                    if (height >= startHeight && height <= stopHeight)
                    {
                        Ledger.Connect.MarkSpent(edit, tx.Tx);
                    }
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Back to a block both chains have; what came after is undone.</summary>
    public static Task<bool> DisconnectToAsync(this Wallet wallet, BlockPoint fork, long? forkTime, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                Disconnect.To(edit, fork, forkTime);
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>
    /// Puts a wallet that has seen nothing (a new one) on the node's chain: nothing before this block concerns it.
    /// </summary>
    public static Task<bool> StartAtAsync(
        this Wallet wallet, IReadOnlyList<BlockPoint> oldestFirst, long tipTime, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                edit.MoveTo(ChainTrail.Of(oldestFirst), tipTime);
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Answers for <see cref="WalletSnapshot.UnknownBlocks"/>; null for a block the node does not know.</summary>
    public static Task<bool> ResolveAsync(
        this Wallet wallet, IReadOnlyDictionary<BlockHash, HeaderFacts?> answers, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                Disconnect.Resolve(edit, answers);
                var changes = edit.Build() with { UnknownBlocks = state.Snapshot.UnknownBlocks.Except(answers.Keys) };
                return new Decision<bool>(changes, true);
            },
            ct);

    /// <summary>The mempool took transactions in, at a time in seconds since 1970.</summary>
    public static Task<bool> AddMempoolAsync(this Wallet wallet, IReadOnlyList<Transaction> txs, long now, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                foreach (var tx in txs)
                {
                    Ledger.Connect.Mempool(edit, tx, now);
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Counts what known transactions pay to scripts that are the wallet's only since.</summary>
    public static Task<bool> AdoptScriptsAsync(this Wallet wallet, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                edit.AdoptScripts();
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>The mempool dropped a transaction, as a block contradicts it or for another reason.</summary>
    public static Task<bool> RemoveMempoolAsync(this Wallet wallet, Txid txid, bool isContradicted, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                Ledger.Connect.LeftMempool(edit, txid, isContradicted);
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>The whole mempool, after (re)connecting: what is not in it is not in it.</summary>
    public static Task<bool> SetMempoolAsync(this Wallet wallet, IReadOnlyList<Transaction> txs, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                var present = txs.Select(tx => tx.Txid).ToHashSet();
                foreach (var pending in state.Snapshot.Pending.Values)
                {
                    if (!present.Contains(pending.Tx.Txid))
                    {
                        Ledger.Connect.LeftMempool(edit, pending.Tx.Txid);
                    }
                }

                foreach (var tx in txs)
                {
                    Ledger.Connect.Mempool(edit, tx, now);
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);
    }

    /// <summary>A promise of the masternodes about transactions.</summary>
    public static Task<bool> LockAsync(
        this Wallet wallet, IReadOnlyList<Txid> txids, Finality finality, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                foreach (var txid in txids)
                {
                    Ledger.Connect.Lock(edit, txid, finality);
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>A transaction of a block the wallet has passed, whoever told of it.</summary>
    public static Task<bool> AddConfirmedAsync(this Wallet wallet, BlockFacts block, MatchedTx match, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                Ledger.Connect.Block(edit, block, [match], now, isRescan: false);
                return new Decision<bool>(edit.Build(), true);
            },
            ct);
    }

    /// <summary>Takes transactions out of the wallet; how many.</summary>
    public static Task<int> RemoveAsync(this Wallet wallet, Func<WalletTx, bool> isRemoved, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                List<WalletTx> removed = [.. state.History.NewestFirst().Select(tx => edit.Find(tx.Txid)).OfType<WalletTx>().Where(isRemoved)];
                removed.ForEach(edit.Remove);
                return new Decision<int>(edit.Build(), removed.Count);
            },
            ct);

    /// <summary>Blocks up to a height have a ChainLock.</summary>
    public static Task<bool> LockChainAsync(this Wallet wallet, int height, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                edit.LockChain(Math.Max(height, state.Snapshot.ChainLockHeight));
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    // A scan made on another state is made again. The look-ahead may grow by what a block pays, so the block is searched
    // until it adds no script.
    private static void Connect(LedgerEdit edit, BlockFacts block, WalletMatches? matches, long now, bool isRescan)
    {
        var known = matches is not null && edit.IsUntouched && matches.HoldsFor(edit.Before)
            ? matches.Transactions
            : edit.Search(block.Data);
        while (true)
        {
            var scripts = edit.Before.Scripts.Version;
            Ledger.Connect.Block(edit, block, known, now, isRescan);
            if (edit.Before.Scripts.Version == scripts)
            {
                return;
            }

            known = edit.Search(block.Data);
        }
    }
}
