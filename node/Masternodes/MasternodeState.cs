using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;

namespace Dash.Node.Masternodes;

/// <summary>What changes about a masternode while it is registered. Immutable.</summary>
internal sealed record MasternodeState
{
    /// <summary>A height at which nothing happened.</summary>
    public const int Never = -1;

    /// <summary>Version of the payload that set the operator's key or the addresses last.</summary>
    public ushort Version { get; init; } = ProTxVersion.LegacyBls;

    /// <summary>Block of the registration.</summary>
    public int RegisteredHeight { get; init; } = Never;

    /// <summary>Block that paid it last; 0 for none.</summary>
    public int LastPaidHeight { get; init; }

    /// <summary>Payments in a row, of an Evo masternode before MN_RR.</summary>
    public int ConsecutivePayments { get; init; }

    /// <summary>Points for missed key generations; too many and it is banned.</summary>
    public int PosePenalty { get; init; }

    /// <summary>Block of the last revival, or <see cref="Never"/>.</summary>
    public int PoseRevivedHeight { get; init; } = Never;

    /// <summary>Block of the ban it is under, or <see cref="Never"/>.</summary>
    public int PoseBanHeight { get; init; } = Never;

    /// <summary>Why the operator gave up.</summary>
    public RevocationReason RevocationReason { get; init; }

    /// <summary>The block that confirmed the registration: nobody could choose it.</summary>
    public BlockHash ConfirmedHash { get; init; }

    /// <summary>SHA-256 of registration and <see cref="ConfirmedHash"/>: where quorums look for it.</summary>
    public Uint256 ConfirmedHashWithProTxHash { get; init; }

    /// <summary>Who owns it.</summary>
    public Hash160 OwnerKeyId { get; init; }

    /// <summary>The operator's key; null while there is none.</summary>
    public BlsPublicKey? OperatorKey { get; init; }

    /// <summary>The scheme the operator's key came in.</summary>
    public BlsScheme OperatorScheme { get; init; }

    /// <summary>Who votes.</summary>
    public Hash160 VotingKeyId { get; init; }

    /// <summary>Where it can be reached.</summary>
    public NetInfo NetInfo { get; init; } = NetInfo.OfAddress(null);

    /// <summary>Who is paid.</summary>
    public Script Payout { get; init; } = Script.Empty;

    /// <summary>Who gets the operator's part; empty for nobody.</summary>
    public Script OperatorPayout { get; init; } = Script.Empty;

    /// <summary>What an Evo masternode says of its platform node.</summary>
    public PlatformFields Platform { get; init; }

    /// <summary>Whether it is banned.</summary>
    public bool IsBanned => PoseBanHeight != Never;

    /// <summary>Whether its registration is old enough to count for quorums.</summary>
    public bool IsConfirmed => !ConfirmedHash.IsNull;

    /// <summary>The state a registration begins with.</summary>
    public static MasternodeState Of(ProRegTx payload, int height) => new()
    {
        Version = payload.Version,
        RegisteredHeight = height,
        OwnerKeyId = payload.OwnerKeyId,
        OperatorKey = KeyOf(payload.OperatorKey.Span, payload.Scheme),
        OperatorScheme = payload.Scheme,
        VotingKeyId = payload.VotingKeyId,
        NetInfo = payload.NetInfo,
        Payout = payload.Payout,
        Platform = payload.Platform,

        // Without an address it waits for one.
        PoseBanHeight = payload.NetInfo.IsEmpty ? height : Never,
    };

    /// <summary>A key by its bytes; null if they are none.</summary>
    public static BlsPublicKey? KeyOf(ReadOnlySpan<byte> bytes, BlsScheme scheme) =>
        BlsPublicKey.TryParse(bytes, scheme, out var key) ? key : null;

    /// <summary>Without everything that is the operator's to say.</summary>
    public MasternodeState WithoutOperator() => this with
    {
        Version = ProTxVersion.LegacyBls,
        OperatorKey = null,
        OperatorScheme = BlsScheme.Legacy,
        NetInfo = NetInfo.OfAddress(null),
        OperatorPayout = Script.Empty,
        RevocationReason = RevocationReason.NotSpecified,
        Platform = Platform with { NodeId = default },
    };

    /// <summary>Banned, if it was not yet.</summary>
    public MasternodeState Banned(int height) => IsBanned ? this : this with { PoseBanHeight = height };

    /// <summary>Good again.</summary>
    public MasternodeState Revived(int height) =>
        this with { PosePenalty = 0, PoseBanHeight = Never, PoseRevivedHeight = height };

    /// <summary>Confirmed by a block.</summary>
    public MasternodeState Confirmed(Dash.Primitives.Transactions.Txid proTxHash, BlockHash block)
    {
        Span<byte> both = stackalloc byte[2 * Uint256.Size];
        proTxHash.Value.CopyTo(both);
        block.Value.CopyTo(both[Uint256.Size..]);
        return this with { ConfirmedHash = block, ConfirmedHashWithProTxHash = Hashes.Sha256(both) };
    }
}
