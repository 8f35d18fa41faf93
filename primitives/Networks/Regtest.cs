using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Networks;

/// <summary>The values of a private network of which one makes the blocks oneself.</summary>
internal static class Regtest
{
    public static ChainParams Create() => new()
    {
        Name = "regtest",
        Prefixes = TestNetworks.Prefixes,
        Magic = new byte[] { 0xfc, 0xc1, 0xb7, 0xdc },
        DefaultPort = 19899,
        RpcPort = 19898,
        OnionPort = 19896,
        PlatformP2pPort = 22200,
        PlatformHttpPort = 22201,
        DataDirectory = "regtest",
        Bip44CoinType = 1,
        DnsSeeds = ["dummySeed.invalid."],
        Genesis = GenesisBlock.Create(1417713337, 1096447, 0x207fffff),
        Heights = new ActivationHeights
        {
            Bip34 = 1,
            Bip65 = 1,
            Bip66 = 1,
            Bip147 = 0,
            Csv = 1,
            Dip0001 = 1,
            Dip0003 = 432,
            Dip0003Enforcement = 500,
            Dip0008 = 1,
            Brr = 1,
            Dip0020 = 1,
            Dip0024 = 1,
            Dip0024Quorums = 1,
            V19 = 1,
            V20 = 432,
            MnRr = 432,
            Withdrawals = 600,
        },
        Payments = new PaymentParams
        {
            HalvingInterval = 150,
            MasternodePaymentsStart = 240,
            MasternodePaymentsIncreaseStart = 350,
            MasternodePaymentsIncreasePeriod = 10,
            BudgetStart = 1000,
            BudgetCycle = 50,
            BudgetWindow = 10,
            SuperblockStart = 1500,
            SuperblockCycle = 20,
            SuperblockMaturity = 10,
            GovernanceMinQuorum = 1,
            GovernanceFilterElements = 100,
            MasternodeMinimumConfirmations = 1,
        },
        Deployments =
        [
            new("testdummy", 28, 0, VersionBitsDeployment.NoTimeout, 0, 0, 0, 0, false),
            new(
                "v24",
                Bit: 12,
                StartTime: 0,
                Timeout: VersionBitsDeployment.NoTimeout,
                Window: 250,
                ThresholdStart: 200,
                ThresholdMin: 150,
                Falloff: 5,
                UsesMasternodeSignal: true),
        ],
        RuleChangeThreshold = 108,
        MinerConfirmationWindow = 144,
        MinBip9WarningHeight = 0,
        PowLimit = CompactTarget.ToNumber(
            Uint256.Parse("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")),
        AllowMinDifficulty = true,
        NoRetargeting = true,
        KgwHeight = 15200,
        DgwHeight = 34140,
        MinimumChainWork = Uint256.Zero,
        AssumeValid = default,
        Checkpoints =
        [
            new(0, BlockHash.Parse("000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e")),
        ],
        UtxoSnapshots =
        [
            new(110, Uint256.Parse("9b2a277a3e3b979f1a539d57e949495d7f8247312dbc32bce6619128c192b44b"), 110),
            new(200, Uint256.Parse("8a5bdd92252fc6b24663244bbe958c947bb036dc1f94ccd15439f48d8d1cb4e3"), 200),
        ],
        TransactionCount = new ChainTransactionCount(0, 0, 0),
        SporkAddresses = ["yj949n1UH6fDhw6HtVE5VMj2iSTaSWBMcW"],
        RequireStandard = true,
        IsTestChain = true,
        IsMockable = true,
        DefaultConsistencyChecks = true,
        RequireRoutableExternalIp = false,
        AssumedBlockchainGigabytes = 0,
        AssumedChainstateGigabytes = 0,
        PruneAfterHeight = 1000,
        InstantSendConfirmations = 2,
        InstantSendKeepLock = 6,
        CoinJoinMinParticipants = 2,
        FulfilledRequestExpireSeconds = 300,
        CreditPoolPeriod = 100,
        Llmqs =
        [
            LlmqParams.Test,
            LlmqParams.TestInstantSend,
            LlmqParams.TestV17,
            LlmqParams.TestDip0024,
            LlmqParams.TestPlatform,
        ],
        LlmqChainLocks = LlmqParams.Test,
        LlmqInstantSend = LlmqParams.TestDip0024,
        LlmqPlatform = LlmqParams.TestPlatform,
        LlmqMnHf = LlmqParams.Test,
    };
}
