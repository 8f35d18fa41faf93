using System.Collections.Immutable;
using Dash.Node.Masternodes;
using Dash.Node.Quorums;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Chain;

/// <summary>The bytes of an <see cref="EvoState"/> in the node's own store.</summary>
internal static class EvoStateCodec
{
    // Raised with each change of the layout; what has another number is built anew.
    private const byte Layout = 1;

    private const byte NoKey = 0;
    private const byte LegacyKey = 1;
    private const byte BasicKey = 2;

    /// <summary>Writes a state.</summary>
    public static byte[] ToBytes(EvoState state)
    {
        var writer = new ByteWriter(1024);
        writer.WriteByte(Layout);
        writer.WriteInt32(state.Masternodes.Height);
        writer.WriteCompactSize(state.Masternodes.Count);
        foreach (var node in state.Masternodes.All)
        {
            Write(writer, node);
        }

        Write(writer, state.Quorums);
        Write(writer, state.CreditPool);
        writer.WriteCompactSize(state.Signals.Count);
        foreach (var (bit, height) in state.Signals)
        {
            writer.WriteByte(bit);
            writer.WriteInt32(height);
        }

        return writer.ToArray();
    }

    /// <summary>Reads a state; null for what is not one of this layout.</summary>
    public static EvoState? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new SpanReader(bytes);
            if (reader.ReadByte() != Layout)
            {
                return null;
            }

            var list = MasternodeList.Empty.ToBuilder(reader.ReadInt32());
            for (var left = reader.ReadCount(1); left > 0; left--)
            {
                list.Add(ReadMasternode(ref reader));
            }

            var quorums = ReadQuorums(ref reader);
            var pool = ReadPool(ref reader);
            var signals = ImmutableSortedDictionary.CreateBuilder<byte, int>();
            for (var left = reader.ReadCount(1); left > 0; left--)
            {
                signals[reader.ReadByte()] = reader.ReadInt32();
            }

            reader.ExpectEnd();
            return new EvoState
            {
                Masternodes = list.Build(),
                Quorums = quorums,
                CreditPool = pool,
                Signals = signals.ToImmutable(),
            };
        }
        catch (Exception e) when (e is EncodingException or MasternodeListException)
        {
            return null;
        }
    }

    private static void Write(ByteWriter writer, Masternode node)
    {
        var state = node.State;
        writer.WriteUint256(node.ProTxHash.Value);
        writer.WriteUInt16((ushort)node.Type);
        node.Collateral.Write(writer);
        writer.WriteUInt16(node.OperatorReward);
        writer.WriteUInt16(state.Version);
        writer.WriteInt32(state.RegisteredHeight);
        writer.WriteInt32(state.LastPaidHeight);
        writer.WriteInt32(state.ConsecutivePayments);
        writer.WriteInt32(state.PosePenalty);
        writer.WriteInt32(state.PoseRevivedHeight);
        writer.WriteInt32(state.PoseBanHeight);
        writer.WriteUInt16((ushort)state.RevocationReason);
        writer.WriteUint256(state.ConfirmedHash.Value);
        writer.WriteUint256(state.ConfirmedHashWithProTxHash);
        writer.WriteHash160(state.OwnerKeyId);
        writer.WriteByte(state.OperatorKey is null ? NoKey : state.OperatorScheme == BlsScheme.Legacy ? LegacyKey : BasicKey);
        if (state.OperatorKey is { } key)
        {
            writer.WriteBytes(key.ToBytes(state.OperatorScheme));
        }

        writer.WriteHash160(state.VotingKeyId);
        writer.WriteBool(state.NetInfo.IsExtended);
        state.NetInfo.Write(writer);
        writer.WriteVarBytes(state.Payout.Span);
        writer.WriteVarBytes(state.OperatorPayout.Span);
        writer.WriteHash160(state.Platform.NodeId);
        writer.WriteUInt16(state.Platform.P2pPort);
        writer.WriteUInt16(state.Platform.HttpPort);
    }

    private static Masternode ReadMasternode(ref SpanReader reader)
    {
        var hash = new Txid(reader.ReadUint256());
        var type = (MasternodeType)reader.ReadUInt16();
        var collateral = OutPoint.Read(ref reader);
        var reward = reader.ReadUInt16();
        var state = new MasternodeState
        {
            Version = reader.ReadUInt16(),
            RegisteredHeight = reader.ReadInt32(),
            LastPaidHeight = reader.ReadInt32(),
            ConsecutivePayments = reader.ReadInt32(),
            PosePenalty = reader.ReadInt32(),
            PoseRevivedHeight = reader.ReadInt32(),
            PoseBanHeight = reader.ReadInt32(),
            RevocationReason = (RevocationReason)reader.ReadUInt16(),
            ConfirmedHash = new BlockHash(reader.ReadUint256()),
            ConfirmedHashWithProTxHash = reader.ReadUint256(),
            OwnerKeyId = reader.ReadHash160(),
        };
        var form = reader.ReadByte();
        if (form != NoKey)
        {
            var scheme = form == LegacyKey ? BlsScheme.Legacy : BlsScheme.Basic;
            state = state with
            {
                OperatorScheme = scheme,
                OperatorKey = MasternodeState.KeyOf(reader.ReadBytes(BlsPublicKey.Size), scheme)
                    ?? throw new EncodingException("not a key"),
            };
        }

        state = state with
        {
            VotingKeyId = reader.ReadHash160(),
            NetInfo = NetInfo.Read(ref reader, reader.ReadBool()),
            Payout = new Script(reader.ReadVarBytes()),
            OperatorPayout = new Script(reader.ReadVarBytes()),
            Platform = new PlatformFields(reader.ReadHash160(), reader.ReadUInt16(), reader.ReadUInt16()),
        };
        return new Masternode(hash, type, collateral, reward, state);
    }

    private static void Write(ByteWriter writer, ActiveQuorums quorums)
    {
        writer.WriteCompactSize(quorums.Plain.Count);
        foreach (var (type, list) in quorums.Plain)
        {
            writer.WriteByte(type);
            writer.WriteCompactSize(list.Count);
            foreach (var quorum in list)
            {
                Write(writer, quorum);
            }
        }

        writer.WriteCompactSize(quorums.Rotated.Count);
        foreach (var ((type, _), quorum) in quorums.Rotated)
        {
            writer.WriteByte(type);
            Write(writer, quorum);
        }
    }

    private static ActiveQuorums ReadQuorums(ref SpanReader reader)
    {
        var plain = ImmutableSortedDictionary.CreateBuilder<byte, ImmutableList<MinedQuorum>>();
        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            var type = reader.ReadByte();
            var list = ImmutableList.CreateBuilder<MinedQuorum>();
            for (var more = reader.ReadCount(1); more > 0; more--)
            {
                list.Add(ReadQuorum(ref reader));
            }

            plain[type] = list.ToImmutable();
        }

        var rotated = ImmutableSortedDictionary.CreateBuilder<(byte, short), MinedQuorum>();
        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            var type = reader.ReadByte();
            var quorum = ReadQuorum(ref reader);
            rotated[(type, quorum.Index)] = quorum;
        }

        return new ActiveQuorums(plain.ToImmutable(), rotated.ToImmutable());
    }

    private static void Write(ByteWriter writer, MinedQuorum quorum)
    {
        writer.WriteUint256(quorum.Hash.Value);
        writer.WriteInt16(quorum.Index);
        writer.WriteUint256(quorum.CommitmentHash);
        writer.WriteInt32(quorum.MinedHeight);
    }

    private static MinedQuorum ReadQuorum(ref SpanReader reader) =>
        new(new BlockHash(reader.ReadUint256()), reader.ReadInt16(), reader.ReadUint256(), reader.ReadInt32());

    private static void Write(ByteWriter writer, CreditPool pool)
    {
        writer.WriteInt64(pool.Locked.Duffs);
        writer.WriteInt64(pool.Limit.Duffs);
        writer.WriteInt64(pool.LatelyUnlocked.Duffs);
        writer.WriteCompactSize(pool.Indexes.Runs.Count);
        foreach (var (first, last) in pool.Indexes.Runs)
        {
            writer.WriteUInt64(first);
            writer.WriteUInt64(last);
        }

        writer.WriteCompactSize(pool.Unlocked.Count);
        foreach (var (height, amount) in pool.Unlocked)
        {
            writer.WriteInt32(height);
            writer.WriteInt64(amount.Duffs);
        }
    }

    private static CreditPool ReadPool(ref SpanReader reader)
    {
        var (locked, limit, lately) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var runs = ImmutableSortedDictionary.CreateBuilder<ulong, ulong>();
        for (var left = reader.ReadCount(2 * sizeof(ulong)); left > 0; left--)
        {
            runs[reader.ReadUInt64()] = reader.ReadUInt64();
        }

        var unlocked = ImmutableSortedDictionary.CreateBuilder<int, Amount>();
        for (var left = reader.ReadCount(sizeof(int) + sizeof(long)); left > 0; left--)
        {
            unlocked[reader.ReadInt32()] = new Amount(reader.ReadInt64());
        }

        return new CreditPool
        {
            Locked = new Amount(locked),
            Limit = new Amount(limit),
            LatelyUnlocked = new Amount(lately),
            Indexes = new IndexRanges(runs.ToImmutable()),
            Unlocked = unlocked.ToImmutable(),
        };
    }
}
