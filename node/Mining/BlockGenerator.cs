using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mining;

/// <summary>Makes blocks on demand (<c>generatetoaddress</c> and its kin). Any thread.</summary>
internal sealed class BlockGenerator(Validation validation, BlockAssembler assembler)
{
    // Where a block costs a few hashes, several are made in one turn of the loop: changing threads would cost more than they do.
    private const int EasyTries = 64;
    private const int BlocksInATurn = 16;

    /// <summary>Hashes tried for one request unless it says otherwise.</summary>
    public const long DefaultMaxTries = 1_000_000;

    /// <summary>Makes blocks one after the other on top of the tip.</summary>
    /// <param name="count">How many.</param>
    /// <param name="payTo">Who gets the rewards.</param>
    /// <param name="maxTries">Hashes to try for all of them.</param>
    /// <param name="ct">Stops between hashes; blocks made so far stay.</param>
    /// <returns>Their hashes: fewer than asked for when the tries ran out or it was cancelled.</returns>
    public async Task<IReadOnlyList<BlockHash>> GenerateAsync(
        int count, Script payTo, long maxTries, CancellationToken ct)
    {
        var hashes = new List<BlockHash>();
        try
        {
            while (hashes.Count < count && !ct.IsCancellationRequested)
            {
                var most = Math.Min(count - hashes.Count, BlocksInATurn);
                var left = maxTries;
                var hard = await validation.PostAsync(
                    (chainstate, stop) =>
                    {
                        for (var i = 0; i < most && !stop.IsCancellationRequested && !ct.IsCancellationRequested; i++)
                        {
                            var block = assembler.Create(payTo).Block;
                            var given = Math.Min(left, EasyTries);
                            var tries = given;
                            if (BlockSolver.Solve(block, ref tries, ct) is not { } easy)
                            {
                                return block; // its first tries are made again, elsewhere
                            }

                            left -= given - tries;
                            Submit(chainstate, easy, easy.ToBytes(), stop);
                            hashes.Add(easy.Header.Hash);
                        }

                        return null;
                    },
                    ct).ConfigureAwait(false);
                maxTries = left;
                if (hard is null)
                {
                    continue;
                }

                if (BlockSolver.Solve(hard, ref maxTries, ct) is not { } solved)
                {
                    break;
                }

                await SubmitAsync(solved, ct).ConfigureAwait(false);
                hashes.Add(solved.Header.Hash);
            }
        }
        finally
        {
            // One wait for the disk for all of them, before anybody is told.
            if (hashes.Count > 0)
            {
                await validation.PostAsync(static (chainstate, _) => chainstate.MakeDurable(), CancellationToken.None)
                    .ConfigureAwait(false);
            }
        }

        return hashes;
    }

    /// <summary>Makes a block of exactly these transactions.</summary>
    /// <returns>The block or the rule it would break; neither when no proof of work was found.</returns>
    public async Task<(BlockHash? Hash, ValidationState State)> GenerateAsync(
        Script payTo, IReadOnlyList<Transaction> transactions, CancellationToken ct)
    {
        var (block, state) = await validation.PostAsync(
            (chainstate, _) =>
            {
                var template = assembler.Create(payTo, fromMempool: false).Block;
                var filled = new Block(template.Header, [.. template.Transactions, .. transactions]);
                return (filled, chainstate.TestBlock(filled, isProposal: true));
            },
            ct).ConfigureAwait(false);
        if (state.IsInvalid)
        {
            return (null, state);
        }

        var tries = DefaultMaxTries;
        if (BlockSolver.Solve(block, ref tries, ct) is not { } solved)
        {
            return (null, ValidationState.Valid);
        }

        await SubmitAsync(solved, ct).ConfigureAwait(false);
        await validation.PostAsync(static (chainstate, _) => chainstate.MakeDurable(), ct).ConfigureAwait(false);
        return (solved.Header.Hash, ValidationState.Valid);
    }

    private Task SubmitAsync(Block block, CancellationToken ct)
    {
        var data = block.ToBytes();
        return validation.PostAsync((chainstate, stop) => Submit(chainstate, block, data, stop), ct);
    }

    private static void Submit(Chainstate chainstate, Block block, byte[] data, CancellationToken stop)
    {
        var verdict = chainstate.SubmitBlock(block, data, isRequested: true, isDurable: false, stop);
        if (verdict.IsRefused)
        {
            throw new InvalidOperationException("ProcessNewBlock, block not accepted");
        }
    }
}
