using Dash.Node.Consensus;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Masternodes;

/// <summary>What the coinbase of a block must pay to masternodes and to the platform.</summary>
/// <param name="Outputs">The outputs, in the order miners put them.</param>
/// <param name="IsKnown">False when there are masternodes and none may be paid: then nothing is asked of the coinbase.</param>
internal sealed record MasternodePayments(IReadOnlyList<TxOut> Outputs, bool IsKnown)
{
    // The operator's part is in hundredths of a percent.
    private const int WholeReward = 10_000;

    /// <summary>Whether a coinbase pays them all. Payments of superblocks are not checked.</summary>
    public ValidationState Check(Transaction coinbase, int height, ChainParams network) =>
        height < network.Heights.Dip0003Enforcement || !IsKnown || Outputs.All(output => coinbase.Outputs.Contains(output))
            ? ValidationState.Valid
            : ValidationState.Invalid(InvalidKind.Payments, "bad-cb-payee");

    /// <summary>The payments of the block after a list's.</summary>
    /// <param name="list">The list after the block before.</param>
    /// <param name="height">Height of the block.</param>
    /// <param name="subsidy">The block's subsidy.</param>
    /// <param name="fees">Fees of its transactions.</param>
    /// <param name="network">The network's parameters.</param>
    public static MasternodePayments Of(MasternodeList list, int height, Amount subsidy, Amount fees, ChainParams network)
    {
        List<TxOut> outputs = [];
        var reward = Subsidy.MasternodePayment(height, subsidy + fees, network);
        if (height >= network.Heights.V20 && height >= network.Heights.MnRr)
        {
            var share = Subsidy.PlatformShare(height, subsidy, network);
            reward -= share;
            outputs.Add(new TxOut(share, CoinbaseRules.PlatformScript));
        }

        if (list.Count == 0)
        {
            return new MasternodePayments(outputs, IsKnown: true);
        }

        if (list.Payee(network) is not { } payee)
        {
            return new MasternodePayments(outputs, IsKnown: false);
        }

        var state = payee.State;
        var toOperator = payee.OperatorReward != 0 && !state.OperatorPayout.IsEmpty
            ? new Amount(reward.Duffs * payee.OperatorReward / WholeReward)
            : Amount.Zero;
        reward -= toOperator;
        if (reward > Amount.Zero)
        {
            outputs.Add(new TxOut(reward, state.Payout));
        }

        if (toOperator > Amount.Zero)
        {
            outputs.Add(new TxOut(toOperator, state.OperatorPayout));
        }

        return new MasternodePayments(outputs, IsKnown: true);
    }
}
