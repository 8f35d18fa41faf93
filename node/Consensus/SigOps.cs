using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>Counts the signature operations of transactions, which blocks and the mempool limit.</summary>
internal static class SigOps
{
    /// <summary>What the scripts of a transaction show without the coins it spends.</summary>
    public static int CountLegacy(Transaction transaction)
    {
        var count = 0;
        foreach (var input in transaction.Inputs)
        {
            count += SigOpCount.Of(input.ScriptSig, accurate: false);
        }

        foreach (var output in transaction.Outputs)
        {
            count += SigOpCount.Of(output.ScriptPubKey, accurate: false);
        }

        return count;
    }

    /// <summary>All of a transaction, with the scripts behind script hashes.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">The coins of the inputs, in order.</param>
    public static int Count(Transaction transaction, IReadOnlyList<Coin> spent)
    {
        var count = CountLegacy(transaction);
        for (var i = 0; i < spent.Count; i++)
        {
            var script = spent[i].Output.ScriptPubKey;
            if (script.IsPayToScriptHash)
            {
                count += SigOpCount.OfSpend(script, transaction.Inputs[i].ScriptSig);
            }
        }

        return count;
    }
}
