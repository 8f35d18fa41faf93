using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Makes coins whole again after a flush that was interrupted between two of its batches: some are those before it, some
/// those after it. Taking the blocks of the old branch back and connecting those of the new one again, without caring
/// what is already done, gives exactly the coins after it. Before the validation loop runs.
/// </summary>
internal sealed class CoinsReplay(BlockIndex index, BlockArchive archive, ILogger log)
{
    // Changes that are held before they are written; each write may be interrupted again.
    private const int MaxChanges = 1_000_000;

    /// <summary>Brings the coins to the block that the interrupted flush led to.</summary>
    /// <exception cref="StorageException">A block on the way is not there.</exception>
    public void Run(CoinStore store, (BlockHash To, BlockHash From) heads)
    {
        Log.ReplayingBlocks(log);
        var to = index.Find(heads.To) ?? throw Unable($"block {heads.To} is not known");
        var from = heads.From.IsNull
            ? null
            : index.Find(heads.From) ?? throw Unable($"block {heads.From} is not known");
        var fork = BlockNode.CommonAncestor(from, to);
        var overlay = new CoinsOverlay(store);
        for (var node = from; node is not null && node != fork; node = node.Previous)
        {
            Log.RollingBack(log, node.Hash, node.Height);
            BlockConnector.Disconnect(Read(node), node, archive.ReadUndo(node), overlay);
            overlay = Write(store, overlay, heads.To, isLast: false);
        }

        for (var height = (fork?.Height ?? 0) + 1; height <= to.Height; height++)
        {
            var node = to.Ancestor(height)!; // heights up to its own
            Log.RollingForward(log, node.Hash, node.Height);
            foreach (var transaction in Read(node).Transactions)
            {
                if (!transaction.IsCoinBase)
                {
                    foreach (var input in transaction.Inputs)
                    {
                        overlay.Remove(input.PreviousOutput);
                    }
                }

                overlay.AddOutputs(transaction, node.Height, mayOverwrite: true);
            }

            overlay = Write(store, overlay, heads.To, isLast: false);
        }

        Write(store, overlay, heads.To, isLast: true);
    }

    private static CoinsOverlay Write(CoinStore store, CoinsOverlay overlay, BlockHash to, bool isLast)
    {
        if (!isLast && overlay.Changes.Count < MaxChanges)
        {
            return overlay;
        }

        var changes = overlay.Changes.Select(static change => KeyValuePair.Create(change.Key, change.Value.Coin));
        if (isLast)
        {
            store.Write(changes, to);
        }
        else
        {
            store.WritePartially(changes, to);
        }

        return new CoinsOverlay(store);
    }

    private static StorageException Unable(string reason) => new(
        "Unable to replay blocks. You will need to rebuild the database using -reindex-chainstate. (" + reason + ")");

    private Block Read(BlockNode node)
    {
        try
        {
            return archive.ReadBlock(node);
        }
        catch (StorageException e)
        {
            throw Unable(e.Message);
        }
    }
}
