using System.Collections.Immutable;
using System.Numerics;
using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Networks;

/// <summary>
/// Everything in which one network differs from another. Immutable; a changed copy (for the options that move
/// heights on regtest) is made by <c>with</c>.
/// </summary>
public sealed record ChainParams
{
    /// <summary>The network with real money.</summary>
    public static readonly ChainParams Main = Mainnet.Create();

    /// <summary>The public test network.</summary>
    public static readonly ChainParams Test = Testnet.Create();

    /// <summary>A private network on which blocks are made at will.</summary>
    public static readonly ChainParams Regtest = Networks.Regtest.Create();

    /// <summary>Core's name: <c>main</c>, <c>test</c>, <c>devnet</c> or <c>regtest</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Of a devnet its own name as blocks and peers have it, <c>devnet</c> or <c>devnet-…</c>; else empty.
    /// </summary>
    public string DevnetName { get; init; } = "";

    /// <summary>Version bytes of addresses and keys.</summary>
    public required AddressPrefixes Prefixes { get; init; }

    /// <summary>The four bytes in front of each message and each block in a file, in that order.</summary>
    public required ReadOnlyMemory<byte> Magic { get; init; }

    /// <summary>Port of the peer-to-peer protocol.</summary>
    public required int DefaultPort { get; init; }

    /// <summary>Port of JSON-RPC.</summary>
    public required int RpcPort { get; init; }

    /// <summary>Port at which a node listens for its own onion service.</summary>
    public required int OnionPort { get; init; }

    /// <summary>Port a platform node is taken to use among peers.</summary>
    public required int PlatformP2pPort { get; init; }

    /// <summary>Port a platform node is taken to use for HTTP.</summary>
    public required int PlatformHttpPort { get; init; }

    /// <summary>Folder under the data directory; empty for the data directory itself.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Coin type in BIP44 paths.</summary>
    public required int Bip44CoinType { get; init; }

    /// <summary>Names that answer with addresses of nodes.</summary>
    public required ImmutableArray<string> DnsSeeds { get; init; }

    /// <summary>The first block.</summary>
    public required Block Genesis { get; init; }

    /// <summary>The only block allowed on top of the first, on a devnet; else null.</summary>
    public Block? DevnetGenesis { get; init; }

    /// <summary>The block no other network has: the first, or the second of a devnet.</summary>
    public Block Mark => DevnetGenesis ?? Genesis;

    /// <summary>From which height on each rule holds.</summary>
    public required ActivationHeights Heights { get; init; }

    /// <summary>Who is paid how much.</summary>
    public required PaymentParams Payments { get; init; }

    /// <summary>Rules miners signal, with <c>testdummy</c> first.</summary>
    public required ImmutableArray<VersionBitsDeployment> Deployments { get; init; }

    /// <summary>Signals a period of version bits needs, where the deployment has no number of its own.</summary>
    public required int RuleChangeThreshold { get; init; }

    /// <summary>Blocks of a period of version bits, where the deployment has no number of its own.</summary>
    public required int MinerConfirmationWindow { get; init; }

    /// <summary>Height from which unknown version bits are worth a warning.</summary>
    public required int MinBip9WarningHeight { get; init; }

    /// <summary>The easiest target.</summary>
    public required BigInteger PowLimit { get; init; }

    /// <summary>The easiest target in compact form.</summary>
    public uint PowLimitBits => CompactTarget.Encode(PowLimit);

    /// <summary>Seconds over which the oldest retarget rule measures.</summary>
    public int TargetTimespan { get; init; } = 24 * 60 * 60;

    /// <summary>Seconds from block to block: two and a half minutes.</summary>
    public int TargetSpacing { get; init; } = 150;

    /// <summary>Blocks between retargets by the oldest rule: 576.</summary>
    public int DifficultyInterval => TargetTimespan / TargetSpacing;

    /// <summary>Blocks may be of least difficulty when long none came.</summary>
    public required bool AllowMinDifficulty { get; init; }

    /// <summary>The target never changes.</summary>
    public required bool NoRetargeting { get; init; }

    /// <summary>Parents below this height have children of least difficulty (devnets).</summary>
    public int MinimumDifficultyBlocks { get; init; }

    /// <summary>Parents below this height have children that pay <see cref="HighSubsidyFactor"/> times more.</summary>
    public int HighSubsidyBlocks { get; init; }

    /// <summary>How many times more those pay.</summary>
    public int HighSubsidyFactor { get; init; } = 1;

    /// <summary>First height of Kimoto Gravity Well.</summary>
    public required int KgwHeight { get; init; }

    /// <summary>First height of Dark Gravity Wave.</summary>
    public required int DgwHeight { get; init; }

    /// <summary>Least work of a chain worth downloading.</summary>
    public required Uint256 MinimumChainWork { get; init; }

    /// <summary>A block below which signatures are not checked by default; null hash for none.</summary>
    public required BlockHash AssumeValid { get; init; }

    /// <summary>Blocks everybody agrees on, lowest first.</summary>
    public required ImmutableArray<Checkpoint> Checkpoints { get; init; }

    /// <summary>UTXO sets a node may start from.</summary>
    public ImmutableArray<UtxoSnapshotParams> UtxoSnapshots { get; init; } = [];

    /// <summary>Transactions of the chain at a known time.</summary>
    public required ChainTransactionCount TransactionCount { get; init; }

    /// <summary>Addresses of keys that may sign sporks.</summary>
    public required ImmutableArray<string> SporkAddresses { get; init; }

    /// <summary>How many of them must agree.</summary>
    public int MinSporkKeys { get; init; } = 1;

    /// <summary>Whether only standard transactions are relayed.</summary>
    public required bool RequireStandard { get; init; }

    /// <summary>Whether its coins are worth nothing by intention.</summary>
    public required bool IsTestChain { get; init; }

    /// <summary>Whether a user may set the time.</summary>
    public required bool IsMockable { get; init; }

    /// <summary>Whether expensive checks of one's own state are on by default.</summary>
    public required bool DefaultConsistencyChecks { get; init; }

    /// <summary>Whether a masternode's address must be routable.</summary>
    public required bool RequireRoutableExternalIp { get; init; }

    /// <summary>Whether addresses of private IPv4 networks (RFC 1918) count as routable.</summary>
    public bool AllowsPrivateAddresses { get; init; }

    /// <summary>Gigabytes the blocks take.</summary>
    public required int AssumedBlockchainGigabytes { get; init; }

    /// <summary>Gigabytes the chain state takes.</summary>
    public required int AssumedChainstateGigabytes { get; init; }

    /// <summary>Height below which nothing is pruned.</summary>
    public required int PruneAfterHeight { get; init; }

    /// <summary>Confirmations after which a transaction can be locked without its inputs being.</summary>
    public required int InstantSendConfirmations { get; init; }

    /// <summary>Blocks a lock of a mined transaction is kept.</summary>
    public required int InstantSendKeepLock { get; init; }

    /// <summary>Fewest participants of a CoinJoin session.</summary>
    public required int CoinJoinMinParticipants { get; init; }

    /// <summary>Most participants of a CoinJoin session.</summary>
    public int CoinJoinMaxParticipants { get; init; } = 20;

    /// <summary>Seconds for which a peer is not asked the same again.</summary>
    public required int FulfilledRequestExpireSeconds { get; init; }

    /// <summary>Blocks over which withdrawals from the credit pool are limited.</summary>
    public required int CreditPoolPeriod { get; init; }

    /// <summary>The kinds of quorum there are.</summary>
    public required ImmutableArray<LlmqParams> Llmqs { get; init; }

    /// <summary>The quorum that signs ChainLocks.</summary>
    public required LlmqParams LlmqChainLocks { get; init; }

    /// <summary>The quorum that signs InstantSend locks.</summary>
    public required LlmqParams LlmqInstantSend { get; init; }

    /// <summary>The platform's quorum.</summary>
    public required LlmqParams LlmqPlatform { get; init; }

    /// <summary>The quorum that signals hard forks.</summary>
    public required LlmqParams LlmqMnHf { get; init; }

    private const string DevnetPrefix = "devnet-";

    /// <summary>
    /// The devnet of a name as <c>-devnet</c> takes it, which may be empty. Searches for its second block: keep the
    /// result.
    /// </summary>
    public static ChainParams Devnet(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Networks.Devnet.Create(name);
    }

    /// <summary>
    /// The network of Core's name; null for a name there is none of. A devnet is <c>devnet-</c> and its own name, or
    /// <c>devnet</c> without one (<see cref="Devnet"/>).
    /// </summary>
    public static ChainParams? ByName(string name) => name switch
    {
        null => throw new ArgumentNullException(nameof(name)),
        "main" => Main,
        "test" => Test,
        "regtest" => Regtest,
        "devnet" => Devnet(""),
        _ => name.StartsWith(DevnetPrefix, StringComparison.Ordinal) ? Devnet(name[DevnetPrefix.Length..]) : null,
    };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
