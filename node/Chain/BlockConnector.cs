using Dash.Common.Concurrency;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Applies a block to the coins with every check that needs them, and undoes it. Changes only the overlay it is given.
/// Belongs to the validation loop.
/// </summary>
internal sealed class BlockConnector(
    ChainParams network, SpecialTransactions specialTransactions, ScriptVerifier scripts, ILogger log)
{
    /// <summary>Connects the block after <paramref name="previous"/>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="previous">The parent.</param>
    /// <param name="coins">The coins after <paramref name="previous"/>; thrown away by the caller on failure.</param>
    /// <param name="undo">What it takes to disconnect the block, when valid.</param>
    /// <param name="checks">What need not be checked.</param>
    public ValidationState Connect(
        Block block, BlockNode previous, CoinsOverlay coins, out BlockUndo undo, ConnectChecks checks)
    {
        undo = new BlockUndo([]);
        if (BlockRules.Check(block, network, checkProofOfWork: !checks.IsProposal) is { IsInvalid: true } shape)
        {
            return shape;
        }

        if (CheckNoOverwrite(block, coins) is { IsInvalid: true } overwrite)
        {
            return overwrite;
        }

        if (specialTransactions.CheckBlock(block, previous, coins) is { IsInvalid: true } special)
        {
            return special;
        }

        var transactions = ConnectTransactions(block, previous, coins, out undo, out var fees, checks);
        if (transactions.IsInvalid)
        {
            return transactions;
        }

        var height = previous.Height + 1;
        var subsidy = Subsidy.ForBlock(previous, network);
        var coinbase = block.Transactions[0];
        return CoinbaseRules.CheckValue(coinbase, height, subsidy + fees, network) is { IsInvalid: true } value
            ? value
            : MasternodePayments.Of(specialTransactions.ListAt(previous), height, subsidy, fees, network)
                .Check(coinbase, height, network);
    }

    /// <summary>Takes a block's effects back.</summary>
    /// <returns>
    /// False when the coins were not those after the block: fine only while going over an interrupted flush again.
    /// </returns>
    /// <exception cref="StorageException">Block and undo data don't fit each other.</exception>
    public static bool Disconnect(Block block, BlockNode node, BlockUndo undo, CoinsOverlay coins)
    {
        if (undo.Spent.Count + 1 != block.Transactions.Count)
        {
            throw new StorageException($"Block {node.Hash} and its undo data are inconsistent");
        }

        var isClean = true;
        for (var i = block.Transactions.Count - 1; i >= 0; i--)
        {
            var transaction = block.Transactions[i];
            for (var output = 0; output < transaction.Outputs.Length; output++)
            {
                var made = transaction.Outputs[output];
                if (!made.ScriptPubKey.IsUnspendable)
                {
                    var outPoint = new OutPoint(transaction.Txid, (uint)output);
                    isClean &= coins.Spend(outPoint) == new Coin(made, node.Height, IsCoinBase: i == 0);
                    coins.Remove(outPoint);
                }
            }

            if (i > 0)
            {
                isClean &= Restore(transaction, undo.Spent[i - 1], node, coins);
            }
        }

        return isClean;
    }

    private static bool Restore(
        Transaction transaction, IReadOnlyList<Coin> spent, BlockNode node, CoinsOverlay coins)
    {
        if (spent.Count != transaction.Inputs.Length)
        {
            throw new StorageException($"Block {node.Hash} and its undo data are inconsistent");
        }

        var isClean = true;
        for (var i = spent.Count - 1; i >= 0; i--)
        {
            var outPoint = transaction.Inputs[i].PreviousOutput;
            isClean &= coins.Find(outPoint) is null;
            coins.Add(outPoint, spent[i]);
        }

        return isClean;
    }

    // BIP30: no output may hide an unspent one of the same name.
    private static ValidationState CheckNoOverwrite(Block block, CoinsOverlay coins)
    {
        foreach (var transaction in block.Transactions)
        {
            for (var i = 0; i < transaction.Outputs.Length; i++)
            {
                if (coins.Find(new OutPoint(transaction.Txid, (uint)i)) is not null)
                {
                    return ValidationState.Consensus("bad-txns-BIP30");
                }
            }
        }

        return ValidationState.Valid;
    }

    private ValidationState ConnectTransactions(
        Block block, BlockNode previous, CoinsOverlay coins, out BlockUndo undo, out Amount fees, ConnectChecks checks)
    {
        var height = previous.Height + 1;
        var flags = ScriptVerifier.FlagsAt(height, network);
        var maxSigOps = Limits.BlockSigOps(height >= network.Heights.Dip0001);
        var together = checks.Scripts && scripts.IsParallel;
        using var running = together ? scripts.Begin(block.Transactions.Sum(static transaction => transaction.Inputs.Length), flags, checks.IsProposal) : null;
        var allSpent = new List<IReadOnlyList<Coin>>(block.Transactions.Count);
        var sigOps = 0;
        undo = new BlockUndo(allSpent);
        fees = Amount.Zero;
        foreach (var transaction in block.Transactions)
        {
            ThreadTurns.Rest();
            Coin[] spent = [];
            if (!transaction.IsCoinBase)
            {
                var inputs = new Coin?[transaction.Inputs.Length];
                for (var i = 0; i < inputs.Length; i++)
                {
                    inputs[i] = coins.Find(transaction.Inputs[i].PreviousOutput);
                }

                var state = TransactionRules.CheckInputs(transaction, inputs, height, out var fee);
                if (state.IsInvalid)
                {
                    return ValidationState.Consensus(state.RejectReason, state.DebugMessage);
                }

                spent = inputs!; // none is null: CheckInputs found them all
                fees += fee;
                if (!fees.IsInRange)
                {
                    return ValidationState.Consensus("bad-txns-accumulated-fee-outofrange");
                }

                if (height >= network.Heights.Csv
                    && !SequenceLocks.Of(transaction, [.. spent.Select(static coin => coin.Height)], previous)
                        .AreSatisfiedAfter(previous))
                {
                    return ValidationState.Consensus("bad-txns-nonfinal");
                }
            }

            sigOps += SigOps.Count(transaction, spent);
            if (sigOps > maxSigOps)
            {
                return ValidationState.Consensus("bad-blk-sigops");
            }

            if (!transaction.IsCoinBase)
            {
                if (together && !scripts.HasPassed(transaction, flags))
                {
                    running!.Add(transaction, spent); // there when they are checked together
                }
                else if (checks.Scripts && !together
                    && scripts.Check(transaction, spent, flags, checks.IsProposal, checks.IsProposal) is { IsInvalid: true } script)
                {
                    Log.ScriptsRefused(log, transaction.Txid, script);
                    return ValidationState.Consensus(script.RejectReason, script.DebugMessage);
                }

                foreach (var input in transaction.Inputs)
                {
                    coins.Spend(input.PreviousOutput);
                }

                allSpent.Add(spent);
            }

            coins.AddOutputs(transaction, height);
        }

        if (running is not null && !running.Finish())
        {
            return ValidationState.Consensus("block-validation-failed");
        }

        if (together && checks.IsProposal)
        {
            foreach (var transaction in block.Transactions.Skip(1))
            {
                scripts.Remember(transaction, flags);
            }
        }

        return ValidationState.Valid;
    }
}
