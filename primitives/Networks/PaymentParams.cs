namespace Dash.Primitives.Networks;

/// <summary>Heights and periods that decide who is paid how much.</summary>
public sealed record PaymentParams
{
    /// <summary>Blocks after which the subsidy falls by a fourteenth.</summary>
    public required int HalvingInterval { get; init; }

    /// <summary>First height that pays masternodes.</summary>
    public required int MasternodePaymentsStart { get; init; }

    /// <summary>Height at which the masternodes' share starts to rise.</summary>
    public required int MasternodePaymentsIncreaseStart { get; init; }

    /// <summary>Blocks between two rises.</summary>
    public required int MasternodePaymentsIncreasePeriod { get; init; }

    /// <summary>Height after which a part of the subsidy is kept for the budget.</summary>
    public required int BudgetStart { get; init; }

    /// <summary>Blocks of a budget cycle before superblocks.</summary>
    public required int BudgetCycle { get; init; }

    /// <summary>Blocks in which a budget is paid.</summary>
    public required int BudgetWindow { get; init; }

    /// <summary>First height a superblock may have.</summary>
    public required int SuperblockStart { get; init; }

    /// <summary>Blocks between superblocks.</summary>
    public required int SuperblockCycle { get; init; }

    /// <summary>Blocks before a superblock in which its trigger is voted for.</summary>
    public required int SuperblockMaturity { get; init; }

    /// <summary>Least net votes for a proposal.</summary>
    public required int GovernanceMinQuorum { get; init; }

    /// <summary>Elements a governance filter is made for.</summary>
    public required int GovernanceFilterElements { get; init; }

    /// <summary>Confirmations a collateral needs.</summary>
    public required int MasternodeMinimumConfirmations { get; init; }
}
