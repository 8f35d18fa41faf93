using Dash.Node.Mempool;
using Dash.Primitives.Transactions;

namespace Dash.Node.Rpc;

/// <summary>Coins by their outpoints, those of unconfirmed transactions among them, spent by others or not.</summary>
internal static class CoinLookup
{
    /// <summary>The outputs that the inputs of a transaction spend, as far as they are known.</summary>
    public static Task<Dictionary<OutPoint, TxOut>> FindAsync(NodeCall call, Transaction transaction, CancellationToken ct) =>
        call.Node.Validation.PostAsync(
            (chainstate, _) =>
            {
                var coins = new MempoolCoins(chainstate.Coins, call.Node.Mempool.Owned.Graph);
                var found = new Dictionary<OutPoint, TxOut>();
                foreach (var input in transaction.Inputs)
                {
                    if (coins.Find(input.PreviousOutput) is { } coin)
                    {
                        found[input.PreviousOutput] = coin.Output;
                    }
                }

                return found;
            },
            ct);
}
