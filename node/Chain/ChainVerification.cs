using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Checks stored blocks and coins against each other: at level 0 that blocks are readable, 1 that they are valid in
/// themselves, 2 that undo data is readable, 3 that they can be taken back from the coins, 4 that they can be connected
/// again. Changes nothing. Belongs to the validation loop.
/// </summary>
internal sealed class ChainVerification(
    ChainParams network, BlockArchive archive, BlockConnector connector, ILogger log)
{
    private const int LevelBlock = 1;
    private const int LevelUndo = 2;
    private const int LevelDisconnect = 3;
    private const int LevelConnect = 4;

    // What a changed coin takes in the overlay, about.
    private const int BytesPerChange = 250;

    /// <summary>Checks the last blocks of the chain.</summary>
    /// <param name="tip">The last block.</param>
    /// <param name="coins">The coins after it.</param>
    /// <param name="level">0 to 4.</param>
    /// <param name="depth">How many blocks; 0 for all.</param>
    /// <param name="maxBytes">Memory for taking blocks back; what does not fit is not checked at level 3 and 4.</param>
    /// <param name="ct">Ends early, as if all was well.</param>
    public bool Run(BlockNode tip, ICoinsView coins, int level, int depth, long maxBytes, CancellationToken ct)
    {
        if (tip.Previous is null)
        {
            return true;
        }

        depth = depth <= 0 || depth > tip.Height ? tip.Height : depth;
        level = Math.Clamp(level, 0, LevelConnect);
        Log.Verifying(log, depth, level);
        var overlay = new CoinsOverlay(coins);
        var transactions = 0;
        var isSkipped = false;
        var progress = new Progress(log, tip.Height, depth, level >= LevelConnect ? 50 : 100);
        var node = tip;
        for (; node.Previous is { } previous && node.Height > tip.Height - depth && !ct.IsCancellationRequested; node = previous)
        {
            progress.Down(node.Height);
            if (archive.IsPruned(node))
            {
                Log.VerifyingStops(log, node.Height);
                break;
            }

            isSkipped |= (long)overlay.Changes.Count * BytesPerChange > maxBytes;
            if (!CheckDown(node, overlay, isSkipped ? Math.Min(level, LevelUndo) : level, ref transactions))
            {
                return false;
            }
        }

        if (isSkipped)
        {
            Log.VerificationSkipped(log);
        }

        var count = tip.Height - node.Height;
        if (level >= LevelConnect && !isSkipped && !CheckUp(node, tip, overlay, progress, ct))
        {
            return false;
        }

        Log.Verified(log, count, transactions);
        return true;
    }

    private bool CheckDown(BlockNode node, CoinsOverlay overlay, int level, ref int transactions)
    {
        try
        {
            var block = archive.ReadBlock(node);
            if (level >= LevelBlock && BlockRules.Check(block, network) is { IsInvalid: true } state)
            {
                Log.VerificationFailed(log, "found bad block", node, state.ToString());
                return false;
            }

            var undo = level >= LevelUndo && node.HasUndo ? archive.ReadUndo(node) : null;
            if (level >= LevelDisconnect && undo is not null)
            {
                if (!BlockConnector.Disconnect(block, node, undo, overlay))
                {
                    Log.VerificationFailed(log, "coin database inconsistencies found", node, "");
                    return false;
                }

                transactions += block.Transactions.Count;
            }

            return true;
        }
        catch (StorageException e)
        {
            Log.VerificationFailed(log, "block or undo data is not readable", node, e.Message);
            return false;
        }
    }

    private bool CheckUp(BlockNode from, BlockNode tip, CoinsOverlay overlay, Progress progress, CancellationToken ct)
    {
        for (var height = from.Height + 1; height <= tip.Height && !ct.IsCancellationRequested; height++)
        {
            progress.Up(height);
            var node = tip.Ancestor(height)!; // heights up to the tip's own
            var state = connector.Connect(
                archive.ReadBlock(node), node.Previous!, overlay, out _, new ConnectChecks()); // above another block
            if (state.IsInvalid)
            {
                Log.VerificationFailed(log, "found unconnectable block", node, state.ToString());
                return false;
            }
        }

        return true;
    }

    // A line each tenth of the way.
    private sealed class Progress(ILogger log, int tip, int depth, int share)
    {
        private int _tenths = -1;

        public void Down(int height) => Report((tip - height) * share / depth);

        public void Up(int height) => Report(100 - ((tip - height) * (100 - share) / depth));

        private void Report(int percent)
        {
            if (percent / 10 > _tenths)
            {
                _tenths = percent / 10;
                Log.VerificationProgress(log, percent);
            }
        }
    }
}
