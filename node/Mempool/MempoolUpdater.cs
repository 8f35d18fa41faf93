using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>
/// Keeps the mempool in step with the chain: what a block brings leaves it, what a reorganisation takes back comes in
/// again, what became invalid by it goes. Validation loop only.
/// </summary>
internal sealed class MempoolUpdater(
    Chainstate chainstate, TxMempool mempool, AcceptTransaction accept, PolicySettings settings, Clock clock) : IChainFollower
{
    // Core: transactions of blocks that are gone are kept up to so many bytes; the youngest are forgotten first.
    private const int MaxDisconnectedBytes = 20_000_000;

    private long _disconnectedBytes;

    // In the order of the chain: blocks are disconnected from the tip down, so each goes before the ones known.
    private readonly LinkedList<IReadOnlyList<Transaction>> _disconnected = [];

    /// <inheritdoc/>
    public void BlockConnected(BlockNode node, Block block, BlockUndo undo)
    {
        mempool.RemoveForBlock(block, node.Height);
        RemoveOutdatedRegistrations(node);
        if (_disconnected.Count == 0)
        {
            return;
        }

        var connected = block.Transactions.Select(static transaction => transaction.Txid).ToHashSet();
        for (var link = _disconnected.First; link is not null; link = link.Next)
        {
            link.Value = [.. link.Value.Where(transaction => !connected.Contains(transaction.Txid))];
        }
    }

    /// <inheritdoc/>
    public void BlockDisconnected(BlockNode node, Block block, BlockUndo undo)
    {
        _disconnected.AddFirst(block.Transactions);
        _disconnectedBytes += block.Size;
        while (_disconnectedBytes > MaxDisconnectedBytes && _disconnected.Last is { Value: var dropped })
        {
            _disconnected.RemoveLast();
            _disconnectedBytes -= dropped.Sum(static transaction => (long)transaction.Size);
            foreach (var transaction in dropped)
            {
                RemoveDependants(transaction);
            }
        }
    }

    /// <inheritdoc/>
    public void Reorganised(bool keepTransactions)
    {
        var transactions = _disconnected.SelectMany(static block => block).ToArray();
        _disconnected.Clear();
        _disconnectedBytes = 0;
        var now = clock.UnixSeconds;
        foreach (var transaction in transactions)
        {
            var isBack = keepTransactions
                && !transaction.IsCoinBase
                && accept.Run(transaction, new AcceptOptions(now, BypassLimits: true)).IsAccepted;
            if (!isBack)
            {
                RemoveDependants(transaction);
            }
        }

        RemoveTooDeep();
        RemoveNowInvalid();
        RemoveOutdatedRegistrations(chainstate.View.Tip);
        accept.KeepLimits();
    }

    // What spends outputs of a transaction that is gone is gone with it.
    private void RemoveDependants(Transaction transaction)
    {
        foreach (var child in mempool.Graph.ChildrenOf(transaction).ToArray())
        {
            if (mempool.Graph.Contains(child.Txid))
            {
                mempool.RemoveWithDescendants(child, TransactionRemovalReason.Reorg);
            }
        }
    }

    // Transactions that came back may have made chains longer than they may get.
    private void RemoveTooDeep()
    {
        foreach (var entry in mempool.Graph.Entries.ToArray())
        {
            if (mempool.Graph.Contains(entry.Txid)
                && mempool.Graph.AncestorPackage(entry) is var package
                && (package.Count > settings.AncestorCount || package.Size > settings.AncestorSize))
            {
                mempool.RemoveWithDescendants(entry, TransactionRemovalReason.SizeLimit);
            }
        }
    }

    // Another block may have given away what a waiting registration or update wants.
    private void RemoveOutdatedRegistrations(BlockNode tip)
    {
        foreach (var entry in mempool.Graph.Entries.Where(static entry => ProTxClaims.DependsOnList(entry.Transaction)).ToArray())
        {
            if (mempool.Graph.Contains(entry.Txid)
                && chainstate.SpecialTransactions.CheckOne(entry.Transaction, tip, chainstate.Coins, indexes: null).IsInvalid)
            {
                mempool.RemoveWithDescendants(entry, TransactionRemovalReason.Conflict);
            }
        }
    }

    private void RemoveNowInvalid()
    {
        var tip = chainstate.View.Tip;
        var coins = new MempoolCoins(chainstate.Coins, mempool.Graph);
        foreach (var entry in mempool.Graph.Entries.ToArray())
        {
            if (mempool.Graph.Contains(entry.Txid) && !IsStillValid(entry, tip, coins))
            {
                mempool.RemoveWithDescendants(entry, TransactionRemovalReason.Reorg);
            }
        }
    }

    private static bool IsStillValid(MempoolEntry entry, BlockNode tip, MempoolCoins coins)
    {
        var transaction = entry.Transaction;
        if (!TransactionRules.IsFinal(transaction, tip.Height + 1, tip.MedianTimePast))
        {
            return false;
        }

        var inputs = transaction.Inputs.Select(input => coins.Find(input.PreviousOutput)).OfType<Coin>().ToArray();
        return inputs.Length == transaction.Inputs.Length
            && AcceptTransaction.AreSequenceLocksSatisfied(transaction, inputs, tip)
            && inputs.All(coin => !coin.IsCoinBase || tip.Height + 1 - coin.Height >= Limits.CoinbaseMaturity);
    }
}
