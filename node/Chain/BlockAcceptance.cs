using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>Lets headers into the tree and blocks into the files, checked as far as it goes without coins.</summary>
internal sealed class BlockAcceptance(
    ChainParams network, BlockIndex index, BlockArchive archive, Clock clock, ILogger log)
{
    // Blocks nobody asked for that are further ahead of the tip are not stored.
    private const int MaxBlocksAhead = 288;

    /// <summary>Adds a header to the tree, or finds it there.</summary>
    /// <param name="header">The header.</param>
    /// <param name="node">Its node: when valid, and when it was known as invalid.</param>
    public ValidationState AcceptHeader(BlockHeader header, out BlockNode? node)
    {
        var hash = header.Hash;
        node = index.Find(hash);
        if (node is not null)
        {
            return node.IsFailed ? ValidationState.Invalid(InvalidKind.CachedInvalid, "duplicate")
                : (node.Status & BlockStatus.ConflictChainLock) != 0
                    ? ValidationState.Invalid(InvalidKind.ChainLock, "duplicate")
                    : ValidationState.Valid;
        }

        if (HeaderRules.Check(header, hash, network) is { IsInvalid: true } work)
        {
            return work;
        }

        var previous = index.Find(header.Previous);
        if (previous is null)
        {
            return ValidationState.Invalid(InvalidKind.MissingPrevious, "prev-blk-not-found");
        }

        if (previous.IsFailed)
        {
            return ValidationState.Invalid(InvalidKind.InvalidPrevious, "bad-prevblk");
        }

        if (IsBeforeCheckpoint(previous.Height + 1))
        {
            return ValidationState.Invalid(InvalidKind.Checkpoint, "bad-fork-prior-to-checkpoint");
        }

        if (HeaderRules.CheckAfter(header, previous, clock.UnixSeconds, network) is { IsInvalid: true } context)
        {
            Log.HeaderRefused(log, hash, context);
            return context;
        }

        if (index.StandsOnFailed(previous))
        {
            return ValidationState.Invalid(InvalidKind.InvalidPrevious, "bad-prevblk");
        }

        node = index.Add(header, hash);
        return ValidationState.Valid;
    }

    /// <summary>Stores a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="data">The serialized block.</param>
    /// <param name="tip">The tip now.</param>
    /// <param name="isRequested">False for one that came unasked: then it must be worth its space.</param>
    /// <param name="node">Its node, when the header was accepted.</param>
    /// <param name="isNew">Whether its data was stored now.</param>
    /// <param name="known">Where the block already lies in the files, while the index is built anew.</param>
    public ValidationState AcceptBlock(
        Block block,
        ReadOnlySpan<byte> data,
        BlockNode tip,
        bool isRequested,
        out BlockNode? node,
        out bool isNew,
        FilePosition? known = null)
    {
        isNew = false;
        node = null;

        // Transactions that don't belong to the header must not count against it.
        if (BlockRules.Check(block, network) is { IsInvalid: true } shape)
        {
            return shape;
        }

        if (AcceptHeader(block.Header, out node) is { IsInvalid: true } header)
        {
            return header;
        }

        var accepted = node!; // a valid header has a node
        if (accepted.HasData || (!isRequested && !IsWorthStoring(accepted, tip)))
        {
            return ValidationState.Valid;
        }

        // The genesis block has no parent to be checked against.
        if (accepted.Previous is { } previous
            && BlockRules.CheckAfter(block, previous, network) is { IsInvalid: true } context)
        {
            index.MarkFailed(accepted);
            return context;
        }

        if (known is { } position)
        {
            archive.AdoptBlock(accepted, position, data.Length);
        }
        else
        {
            archive.WriteBlock(accepted, data);
        }

        index.ReceiveTransactions(accepted, block.Transactions.Count, tip);
        isNew = true;
        return ValidationState.Valid;
    }

    private bool IsWorthStoring(BlockNode node, BlockNode tip) =>
        node.TransactionCount == 0
        && node.ChainWork >= tip.ChainWork
        && node.Height <= tip.Height + MaxBlocksAhead
        && node.ChainWork >= CompactTarget.ToNumber(network.MinimumChainWork);

    private bool IsBeforeCheckpoint(int height)
    {
        for (var i = network.Checkpoints.Length - 1; i >= 0; i--)
        {
            if (index.Find(network.Checkpoints[i].Hash) is { } known)
            {
                return height < known.Height;
            }
        }

        return false;
    }
}
