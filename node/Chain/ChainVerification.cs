using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
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

    // From so many on, what they took in memory is given back to the system.
    private const int ManyTransactions = 5_000;

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
        var reading = Task.FromResult(new ReadBlock(null, null, null));
        for (; node.Previous is { } previous && node.Height > tip.Height - depth && !ct.IsCancellationRequested; node = previous)
        {
            progress.Down(node.Height);
            if (archive.IsPruned(node))
            {
                Log.VerifyingStops(log, node.Height);
                break;
            }

            // While one block is taken back from the coins, the one before it is read and looked at by itself.
            var read = node == tip ? Read(node, level) : reading.GetAwaiter().GetResult();
            reading = previous.Previous is not null && previous.Height > tip.Height - depth && !archive.IsPruned(previous)
                ? Task.Run(() => Read(previous, level), CancellationToken.None)
                : reading;
            isSkipped |= (long)overlay.Changes.Count * BytesPerChange > maxBytes;
            if (!CheckDown(node, read, overlay, isSkipped ? Math.Min(level, LevelUndo) : level, ref transactions))
            {
                reading.Wait(CancellationToken.None);
                return false;
            }
        }

        reading.Wait(CancellationToken.None);

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
        if (transactions > ManyTransactions)
        {
            // What was read is garbage now, and nothing more will come for a while that makes the runtime give it back.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return true;
    }

    // Any thread.
    private ReadBlock Read(BlockNode node, int level)
    {
        try
        {
            var block = archive.ReadBlock(node);
            if (level >= LevelBlock && BlockRules.Check(block, network) is { IsInvalid: true } state)
            {
                return new ReadBlock(null, null, ("found bad block", state.ToString()));
            }

            return new ReadBlock(block, level >= LevelUndo && node.HasUndo ? archive.ReadUndo(node) : null, null);
        }
        catch (StorageException e)
        {
            return new ReadBlock(null, null, ("block or undo data is not readable", e.Message));
        }
    }

    private bool CheckDown(BlockNode node, ReadBlock read, CoinsOverlay overlay, int level, ref int transactions)
    {
        if (read.Failure is var (what, why))
        {
            Log.VerificationFailed(log, what, node, why);
            return false;
        }

        if (level < LevelDisconnect || read is not { Block: { } block, Undo: { } undo })
        {
            return true;
        }

        try
        {
            if (!BlockConnector.Disconnect(block, node, undo, overlay))
            {
                Log.VerificationFailed(log, "coin database inconsistencies found", node, "");
                return false;
            }

            transactions += block.Transactions.Count;
            return true;
        }
        catch (StorageException e) when (!e.IsDatabase)
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

    // A block and its undo data as they were found, or what is wrong with them by themselves.
    private sealed record ReadBlock(Block? Block, BlockUndo? Undo, (string What, string Why)? Failure);

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
