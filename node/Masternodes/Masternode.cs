using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Node.Masternodes;

/// <summary>A masternode as one block left it. Immutable; the same object as long as nothing changes.</summary>
internal sealed class Masternode
{
    private const int VotesOfEvo = 4;

    private Uint256? _listHash;

    /// <summary>A masternode.</summary>
    public Masternode(Txid proTxHash, MasternodeType type, OutPoint collateral, ushort operatorReward, MasternodeState state)
    {
        ProTxHash = proTxHash;
        Type = type;
        Collateral = collateral;
        OperatorReward = operatorReward;
        State = state;
    }

    /// <summary>The registration, and its name for ever.</summary>
    public Txid ProTxHash { get; }

    /// <summary>Its kind.</summary>
    public MasternodeType Type { get; }

    /// <summary>What is locked for it.</summary>
    public OutPoint Collateral { get; }

    /// <summary>The operator's part of payments, hundredths of a percent.</summary>
    public ushort OperatorReward { get; }

    /// <summary>Everything that changes.</summary>
    public MasternodeState State { get; }

    /// <summary>Its weight in votes, and before MN_RR in payments.</summary>
    public int Weight => Type == MasternodeType.Evo ? VotesOfEvo : 1;

    /// <summary>DIP4: the hash of its entry in the list that light clients get.</summary>
    public Uint256 ListHash
    {
        get
        {
            // Computed twice at worst.
            if (_listHash is { } known)
            {
                return known;
            }

            var writer = new ByteWriter(192);
            WriteListEntry(writer);
            var hash = Hashes.Sha256d(writer.WrittenSpan);
            _listHash = hash;
            return hash;
        }
    }

    /// <summary>The same masternode in another state.</summary>
    public Masternode With(MasternodeState state) => new(ProTxHash, Type, Collateral, OperatorReward, state);

    /// <summary>Everything that no two masternodes may share, as hashes.</summary>
    public IEnumerable<Uint256> UniqueProperties()
    {
        yield return UniqueProperty.Of(Collateral);
        foreach (var entry in State.NetInfo.Entries)
        {
            yield return UniqueProperty.Of(entry);
        }

        yield return UniqueProperty.Of(State.OwnerKeyId);
        if (State.OperatorKey is { } key)
        {
            yield return UniqueProperty.Of(key, State.OperatorScheme);
        }

        if (Type == MasternodeType.Evo && State.Platform.NodeId != default)
        {
            yield return UniqueProperty.Of(State.Platform.NodeId);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => ProTxHash.ToString();

    /// <summary>The entry of the simplified list, without its version.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="hasType">Whether the kind of masternode is in it, which peers of old do not know.</param>
    public void WriteListEntry(ByteWriter writer, bool hasType = true)
    {
        writer.WriteUint256(ProTxHash.Value);
        writer.WriteUint256(State.ConfirmedHash.Value);
        State.NetInfo.Write(writer);
        var scheme = State.Version == ProTxVersion.LegacyBls ? BlsScheme.Legacy : BlsScheme.Basic;
        writer.WriteBytes(State.OperatorKey?.ToBytes(scheme) ?? new byte[BlsPublicKey.Size]);
        writer.WriteHash160(State.VotingKeyId);
        writer.WriteBool(!State.IsBanned);
        if (!hasType || State.Version < ProTxVersion.BasicBls)
        {
            return;
        }

        writer.WriteUInt16((ushort)Type);
        if (Type == MasternodeType.Evo)
        {
            if (State.Version < ProTxVersion.ExtendedAddresses)
            {
                writer.WriteUInt16(State.Platform.HttpPort);
            }

            writer.WriteHash160(State.Platform.NodeId);
        }
    }
}
