using System.Numerics;
using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Networks;

/// <summary>The values of the test networks anybody may start, each of its own name.</summary>
internal static class Devnet
{
    private const uint BaseTime = 1417713337;

    private static readonly BigInteger PowLimit = (BigInteger.One << 255) - 1;

    public static ChainParams Create(string devnetName)
    {
        // The name as the second block and peers have it.
        var name = devnetName.Length == 0 ? "devnet" : "devnet-" + devnetName;
        var genesis = GenesisBlock.Create(BaseTime, 1096447, 0x207fffff);
        var second = FindSecondBlock(genesis, name);
        return new ChainParams
        {
            Name = "devnet",
            DevnetName = name,
            Prefixes = TestNetworks.Prefixes,
            Magic = new byte[] { 0xe2, 0xca, 0xff, 0xce },
            DefaultPort = 19799,
            RpcPort = 19798,
            OnionPort = 19796,
            PlatformP2pPort = 22100,
            PlatformHttpPort = 22101,
            DataDirectory = name,
            Bip44CoinType = 1,
            DnsSeeds = [],
            Genesis = genesis,
            DevnetGenesis = second,
            Heights = new ActivationHeights
            {
                Bip34 = 1,
                Bip65 = 1,
                Bip66 = 1,
                Bip147 = 1,
                Csv = 1,
                Dip0001 = 2,
                Dip0003 = 2,
                Dip0003Enforcement = 2,
                Dip0008 = 2,
                Brr = 2,
                Dip0020 = 2,
                Dip0024 = 2,
                Dip0024Quorums = 2,
                V19 = 2,
                V20 = 2,
                MnRr = 2,
                Withdrawals = 2,
            },
            Payments = TestNetworks.Payments,
            Deployments =
            [
                new(
                    "testdummy",
                    Bit: 28,
                    StartTime: VersionBitsDeployment.NeverActive,
                    Timeout: VersionBitsDeployment.NoTimeout,
                    Window: 0,
                    ThresholdStart: 0,
                    ThresholdMin: 0,
                    Falloff: 0,
                    UsesMasternodeSignal: false),
                new(
                    "v24",
                    Bit: 12,
                    StartTime: 1751328000, // 1 July 2025
                    Timeout: VersionBitsDeployment.NoTimeout,
                    Window: 120,
                    ThresholdStart: 96,
                    ThresholdMin: 72,
                    Falloff: 5,
                    UsesMasternodeSignal: true),
            ],
            RuleChangeThreshold = 1512,
            MinerConfirmationWindow = 2016,
            MinBip9WarningHeight = 2 + 2016,
            PowLimit = PowLimit,
            AllowMinDifficulty = true,
            NoRetargeting = false,
            KgwHeight = 4001,
            DgwHeight = 4001,
            MinimumChainWork = Uint256.Zero,
            AssumeValid = default,
            Checkpoints = [new(0, genesis.Hash), new(1, second.Hash)],
            TransactionCount = new ChainTransactionCount(second.Header.Time, 2, 0.01),
            SporkAddresses = ["yjPtiKh2uwk3bDutTEA2q9mCtXyiZRWn55"],
            RequireStandard = false,
            IsTestChain = true,
            IsMockable = false,
            DefaultConsistencyChecks = false,
            RequireRoutableExternalIp = true,
            AssumedBlockchainGigabytes = 0,
            AssumedChainstateGigabytes = 0,
            PruneAfterHeight = 1000,
            InstantSendConfirmations = 2,
            InstantSendKeepLock = 6,
            CoinJoinMinParticipants = 2,
            FulfilledRequestExpireSeconds = 300,
            CreditPoolPeriod = 576,
            Llmqs =
            [
                LlmqParams.Llmq50At60,
                LlmqParams.Llmq60At75,
                LlmqParams.Llmq400At60,
                LlmqParams.Llmq400At85,
                LlmqParams.Llmq100At67,
                LlmqParams.Devnet,
                LlmqParams.DevnetDip0024,
                LlmqParams.DevnetPlatform,
            ],
            LlmqChainLocks = LlmqParams.Devnet,
            LlmqInstantSend = LlmqParams.DevnetDip0024,
            LlmqPlatform = LlmqParams.DevnetPlatform,
            LlmqMnHf = LlmqParams.Devnet,
        };
    }

    // The only block allowed on top of the first: it names the network, and so forks it from every other devnet.
    private static Block FindSecondBlock(Block genesis, string name)
    {
        var script = new ScriptBuilder().Number(1).Push(System.Text.Encoding.UTF8.GetBytes(name)).Build();
        var output = new TxOut(Amount.FromDash(50), new ScriptBuilder().Op(Opcode.Return).Build());
        var coinbase = new Transaction(
            version: 1, TransactionType.Normal, [new TxIn(OutPoint.Null, script)], [output]);
        var root = MerkleTree.Root([coinbase.Txid.Value], out _);
        var header = new BlockHeader(4, genesis.Hash, root, genesis.Header.Time + 1, genesis.Header.Bits, Nonce: 0);

        // Every other hash meets the target, which is the limit.
        while (!CompactTarget.CheckProofOfWork(header.Hash, header.Bits, PowLimit))
        {
            header = header with { Nonce = header.Nonce + 1 };
        }

        return new Block(header, [coinbase]);
    }
}
