using Dash.Common.Concurrency;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>Moves the tip to the best chain, and where the user wants it. Belongs to the validation loop.</summary>
/// <param name="index">The tree.</param>
/// <param name="archive">The blocks.</param>
/// <param name="chain">The chain that is moved.</param>
/// <param name="log">Where refusals are logged.</param>
/// <param name="blockConnected">
/// Called after each block: may write to disk; answers whether the chain may go on.
/// </param>
internal sealed class ChainActivation(
    BlockIndex index, BlockArchive archive, ActiveChain chain, ILogger log, Func<bool> blockConnected) : IDisposable
{
    // From so many on, the blocks to connect are read ahead.
    private const int ManyBlocks = 4;

    // Core: a deeper invalidation does not bring the transactions back to the mempool.
    private const int MaxDepthToKeepTransactions = 10;

    private int _lastPreferred;
    private bool _isHalted;
    private BlocksAhead? _ahead;

    /// <summary>Connects and disconnects until the tip is the best block that is valid.</summary>
    /// <param name="fresh">A block that just arrived, with its bytes: needs no reading.</param>
    /// <param name="isEnough">Asked between blocks; the chain is whole then, only not the best one yet.</param>
    /// <returns>What connecting each tried block gave.</returns>
    public IReadOnlyDictionary<BlockNode, ValidationState> ActivateBest(
        (BlockNode Node, Block Block, ReadOnlyMemory<byte> Data)? fresh, Func<bool> isEnough)
    {
        var verdicts = new Dictionary<BlockNode, ValidationState>();
        while (!_isHalted && !isEnough() && FindBest() is { } best && best != chain.Tip)
        {
            MoveTo(best, fresh, verdicts, isEnough);
        }

        return verdicts;
    }

    /// <summary>Whether a better block than the tip waits to be connected.</summary>
    public bool IsBetterKnown => !_isHalted && FindBest() is { } best && best != chain.Tip;

    /// <summary>Marks a block failed on the user's word and leaves it, if the chain holds it.</summary>
    public void Invalidate(BlockNode node)
    {
        var left = chain.View.Contains(node) ? chain.Tip : null;
        var depth = 0;
        while (chain.View.Contains(node))
        {
            chain.Disconnect(isNewTip: chain.Tip == node);
            chain.FinishReorganisation(keepTransactions: ++depth <= MaxDepthToKeepTransactions);
        }

        index.MarkFailed(node, left);
        index.RefillCandidates(chain.Tip);
        index.PruneCandidates(chain.Tip);
    }

    /// <summary>Takes back what is held against a block, its ancestors and descendants.</summary>
    public void Reconsider(BlockNode node) => index.ClearFailure(node, chain.Tip);

    /// <summary>Prefers a block to others of equal work.</summary>
    public void Prefer(BlockNode node)
    {
        if (node.ChainWork >= chain.Tip.ChainWork)
        {
            index.Prefer(node, --_lastPreferred);
            index.PruneCandidates(chain.Tip);
        }
    }

    /// <summary>Ends reading ahead.</summary>
    public void Dispose() => StopReadingAhead();

    private void MoveTo(
        BlockNode best,
        (BlockNode Node, Block Block, ReadOnlyMemory<byte> Data)? fresh,
        Dictionary<BlockNode, ValidationState> verdicts,
        Func<bool> isEnough)
    {
        var fork = chain.View.FindFork(best);
        var start = chain.Tip;
        while (chain.Tip != fork)
        {
            chain.Disconnect();
        }

        for (var height = fork.Height + 1; height <= best.Height; height++)
        {
            ThreadTurns.Rest();
            var node = best.Ancestor(height)!; // heights up to best's own
            var isFresh = fresh is { } given && given.Node == node;
            var isNewTip = node == best || node.ChainWork > start.ChainWork;
            var state = ValidationState.Valid;
            SpareTime.Do(() => state = isFresh
                ? chain.Connect(node, fresh!.Value.Block, fresh.Value.Data, isNewTip)
                : TakeAhead(node, best) is { } read
                    ? chain.Connect(node, read.Block, read.Data, isNewTip)
                    : chain.Connect(node, null, null, isNewTip));
            verdicts[node] = state;
            if (state.IsInvalid)
            {
                Log.ConnectFailed(log, node.Hash, state);
                Refuse(node, state);
                break;
            }

            index.PruneCandidates(chain.Tip);
            _isHalted |= !blockConnected();

            // Better than before is good enough to stop at when asked to.
            if ((_isHalted || isEnough()) && chain.Tip.ChainWork > start.ChainWork)
            {
                break;
            }
        }

        if (start != fork)
        {
            chain.FinishReorganisation(keepTransactions: true);
        }
    }

    // The block, read before; null when it is quicker to read it now, or when reading failed and shall fail here again.
    private (byte[] Data, Block Block)? TakeAhead(BlockNode node, BlockNode best)
    {
        if (_ahead is null || _ahead.Next != node)
        {
            StopReadingAhead();
            if (best.Height - node.Height < ManyBlocks)
            {
                return null;
            }

            _ahead = new BlocksAhead(archive, node, best);
        }

        var read = _ahead.Take();
        if (_ahead.Next is null)
        {
            StopReadingAhead();
        }

        return read;
    }

    private void StopReadingAhead()
    {
        _ahead?.Dispose();
        _ahead = null;
    }

    private void Refuse(BlockNode node, ValidationState state)
    {
        if (state.Kind == InvalidKind.Mutated)
        {
            throw new StorageException($"Block {node.Hash} is not what was stored: the disk or memory is broken");
        }

        index.MarkFailed(node);
        index.RefillCandidates(chain.Tip);
        index.PruneCandidates(chain.Tip);
    }

    // The best candidate whose whole way from the active chain is stored and not failed.
    private BlockNode? FindBest()
    {
        while (index.BestCandidate is { } best)
        {
            var obstacle = best;
            while (obstacle is not null && !chain.View.Contains(obstacle)
                && obstacle is { IsFailed: false, HasData: true })
            {
                obstacle = obstacle.Previous;
            }

            if (obstacle is null || chain.View.Contains(obstacle))
            {
                return best;
            }

            if (obstacle.IsFailed)
            {
                index.MarkDescendantsFailed(obstacle, best);
            }

            index.RemoveCandidate(best);
        }

        return null;
    }
}
