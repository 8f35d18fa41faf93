using Dash.Primitives.Addresses;

namespace Dash.Primitives.Networks;

/// <summary>What test networks have in common.</summary>
internal static class TestNetworks
{
    /// <summary>How addresses and keys of all of them begin.</summary>
    public static AddressPrefixes Prefixes { get; } = new AddressPrefixes(
        PubKeyHash: 140,
        ScriptHash: 19,
        Wif: 239,
        ExtendedPublicKey: new byte[] { 0x04, 0x35, 0x87, 0xcf },
        ExtendedPrivateKey: new byte[] { 0x04, 0x35, 0x83, 0x94 });

    /// <summary>When masternodes and the budget are paid on the public one and on those anybody may start.</summary>
    public static PaymentParams Payments { get; } = new PaymentParams
    {
        HalvingInterval = 210240,
        MasternodePaymentsStart = 4010,
        MasternodePaymentsIncreaseStart = 4030,
        MasternodePaymentsIncreasePeriod = 10,
        BudgetStart = 4100,
        BudgetCycle = 50,
        BudgetWindow = 10,
        SuperblockStart = 4200,
        SuperblockCycle = 24,
        SuperblockMaturity = 8,
        GovernanceMinQuorum = 1,
        GovernanceFilterElements = 500,
        MasternodeMinimumConfirmations = 1,
    };
}
