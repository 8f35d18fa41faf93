using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>Counts the CoinJoin rounds behind coins. One request's.</summary>
internal sealed class MixingRounds(WalletSnapshot snapshot, Func<Txid, WalletTx?> find)
{
    /// <summary>The wallet has no such transaction.</summary>
    public const int NotInWallet = -1;

    /// <summary>The amount is no denomination.</summary>
    public const int NotDenominated = -2;

    /// <summary>The amount is a collateral.</summary>
    public const int IsCollateral = -3;

    /// <summary>The transaction has no such output.</summary>
    public const int NoSuchOutput = -4;

    /// <summary>Deeper chains are not followed: 16 rounds and 3 more at random.</summary>
    public const int Deepest = 19;

    private readonly Dictionary<OutPoint, int> _known = [];

    /// <summary>For a reader.</summary>
    public MixingRounds(WalletView view)
        : this(view.Snapshot, view.Find)
    {
    }

    /// <summary>For a decision.</summary>
    public MixingRounds(LedgerState state)
        : this(state.Snapshot, state.Find)
    {
    }

    /// <summary>The rounds, or one of the negative values.</summary>
    public int Of(OutPoint outPoint) => Of(outPoint, Deepest);

    /// <summary>The same for a coin of the wallet, whose amount often says it all.</summary>
    public int Of(Coin coin) => Denominations.IsCollateral(coin.Value) ? IsCollateral
        : !Denominations.Contains(coin.Value) ? NotDenominated
        : Of(coin.OutPoint);

    private int Of(OutPoint outPoint, int roundsLeft)
    {
        if (_known.TryGetValue(outPoint, out var known))
        {
            return known;
        }

        var rounds = Count(outPoint, roundsLeft);
        _known[outPoint] = rounds;
        return rounds;
    }

    private int Count(OutPoint outPoint, int roundsLeft)
    {
        if (find(outPoint.Txid) is not { } tx)
        {
            return NotInWallet;
        }

        if (outPoint.Index >= tx.Tx.Outputs.Length)
        {
            return NoSuchOutput;
        }

        var value = tx.Tx.Outputs[(int)outPoint.Index].Value;
        if (Denominations.IsCollateral(value))
        {
            return IsCollateral;
        }

        if (!Denominations.Contains(value))
        {
            return NotDenominated;
        }

        // A mixing transaction has denominations only and takes no more from us than it gives.
        if (roundsLeft == 0 || tx.Tx.Outputs.Any(output => !Denominations.Contains(output.Value))
            || DebitOf(tx.Tx) != CreditOf(tx.Tx))
        {
            return 0;
        }

        int? shortest = null;
        foreach (var input in tx.Tx.Inputs)
        {
            if (IsOwn(input.PreviousOutput, out _) && Of(input.PreviousOutput, roundsLeft - 1) is >= 0 and var before)
            {
                shortest = Math.Min(shortest ?? int.MaxValue, before);
            }
        }

        return shortest is { } least ? Math.Min(least + 1, Deepest) : 0;
    }

    // An output of the wallet, spent or not.
    private bool IsOwn(OutPoint outPoint, out Amount value)
    {
        value = Amount.Zero;
        if (find(outPoint.Txid) is not { } tx || outPoint.Index >= tx.Tx.Outputs.Length
            || !snapshot.IsMine(tx.Tx.Outputs[(int)outPoint.Index].ScriptPubKey))
        {
            return false;
        }

        value = tx.Tx.Outputs[(int)outPoint.Index].Value;
        return true;
    }

    private Amount DebitOf(Transaction tx)
    {
        var debit = Amount.Zero;
        foreach (var input in tx.Inputs)
        {
            debit += IsOwn(input.PreviousOutput, out var value) ? value : Amount.Zero;
        }

        return debit;
    }

    private Amount CreditOf(Transaction tx) => tx.Outputs
        .Where(output => snapshot.IsMine(output.ScriptPubKey))
        .Aggregate(Amount.Zero, (sum, output) => sum + output.Value);
}
