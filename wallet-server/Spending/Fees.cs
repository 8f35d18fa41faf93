using System.Globalization;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>Why a fee rate is what it is, in Core's words.</summary>
internal static class FeeReason
{
    /// <summary>An estimate of a node that does not tell which.</summary>
    public const string Untold = "None";

    /// <summary>The least rate of the mempool.</summary>
    public const string MempoolMinimum = "Mempool Min Fee";

    /// <summary>Given by the user.</summary>
    public const string PayTxFee = "PayTxFee set";

    /// <summary>No estimate: the configured rate for that case.</summary>
    public const string Fallback = "Fallback fee";

    /// <summary>The least rate of wallet and node.</summary>
    public const string Required = "Minimum Required Fee";
}

/// <summary>A fee rate and why.</summary>
internal sealed record FeeChoice(FeeRate Rate, string Reason);

/// <summary>Which fee rate a payment uses. Pure.</summary>
internal static class Fees
{
    /// <summary>The least rate wallet and node allow.</summary>
    public static FeeRate Required(WalletSettings settings, FeeMarket market) =>
        FeeRate.Max(settings.MinTxFee, market.MinRelay);

    /// <summary>The rate a payment uses.</summary>
    /// <param name="settings">The wallet's options.</param>
    /// <param name="payTxFee">What settxfee set for this wallet; zero is off.</param>
    /// <param name="control">What the user says.</param>
    /// <param name="market">What the node says.</param>
    /// <exception cref="WalletException">The user's rate is too low, or there is no estimate and no fallback.</exception>
    public static FeeChoice Choose(WalletSettings settings, FeeRate payTxFee, CoinControl control, FeeMarket market)
    {
        FeeChoice choice;
        if (control.FeeRate is { } given)
        {
            choice = new(given, FeeReason.PayTxFee);
            if (control.OverrideFeeRate)
            {
                return choice;
            }
        }
        else if (control.ConfirmTarget is null && !payTxFee.IsZero)
        {
            choice = new(payTxFee, FeeReason.PayTxFee);
        }
        else
        {
            choice = market.EstimateFor(control.ConfirmTarget ?? settings.ConfirmTarget, control.FeeMode)
                ?? new(settings.FallbackFee, FeeReason.Fallback);
            if (choice.Reason == FeeReason.Fallback && settings.FallbackFee.IsZero)
            {
                throw new WalletException(
                    WalletError.InsufficientFunds,
                    "Fee estimation failed. Fallbackfee is disabled. Wait a few blocks or enable -fallbackfee.");
            }

            if (choice.Rate < market.MempoolMin)
            {
                choice = new(market.MempoolMin, FeeReason.MempoolMinimum);
            }
        }

        var required = Required(settings, market);
        if (required > choice.Rate)
        {
            choice = new(required, FeeReason.Required);
        }

        if (control.FeeRate is { } wanted && choice.Rate > wanted)
        {
            throw new WalletException(
                WalletError.InsufficientFunds,
                $"Fee rate ({PerByte(wanted)}) is lower than the minimum fee rate setting ({PerByte(choice.Rate)})");
        }

        return choice;
    }

    /// <summary>The rate at which small change is given away: the economical one, or more would be given away. Core: GetDiscardRate.</summary>
    public static FeeRate Discard(WalletSettings settings, FeeMarket market)
    {
        var rate = market.EstimateFor(FeeMarket.LongestTarget, FeeMode.Economical) is { } estimate
            ? FeeRate.Min(estimate.Rate, settings.DiscardFee)
            : settings.DiscardFee;
        return FeeRate.Max(rate, market.DustRelay);
    }

    /// <summary>Is an output worth less than spending it costs at this rate? A spending input counts 148 bytes.</summary>
    public static bool IsDust(TxOut output, FeeRate rate) =>
        !output.ScriptPubKey.IsUnspendable && output.Value < rate.GetFee(output.Size + 148);

    /// <summary>A rate in duffs per byte with three decimals.</summary>
    public static string PerByte(FeeRate rate) => string.Create(
        CultureInfo.InvariantCulture, $"{rate.DuffsPerKb / 1000}.{rate.DuffsPerKb % 1000:000} duff/B");
}
