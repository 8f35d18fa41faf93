using Dash.Node.Masternodes;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// DIP4: what changed about masternodes and quorums from one block to a later one, with the later one's coinbase, whose roots
/// prove it to a light client. Immutable.
/// </summary>
internal sealed record MasternodeListDiff
{
    private const ushort Version = 1;
    private const int HasVersion = 70225;           // Core: BLS_SCHEME_PROTO_VERSION
    private const int HasTypes = 70227;             // DMN_TYPE_PROTO_VERSION
    private const int HasEntryVersions = 70228;     // SMNLE_VERSIONED_PROTO_VERSION
    private const int HasVersionFirst = 70229;      // MNLISTDIFF_VERSION_ORDER
    private const int HasChainLocks = 70230;        // MNLISTDIFF_CHAINLOCKS_PROTO_VERSION

    /// <summary>The earlier block as it was asked for: all zeros for the genesis block.</summary>
    public required BlockHash From { get; init; }

    /// <summary>The later block.</summary>
    public required BlockHash To { get; init; }

    /// <summary>Proves that the coinbase is in the later block.</summary>
    public required PartialMerkleTree Proof { get; init; }

    /// <summary>The later block's coinbase.</summary>
    public required Transaction Coinbase { get; init; }

    /// <summary>Masternodes that are gone.</summary>
    public required IReadOnlyList<Txid> Gone { get; init; }

    /// <summary>Masternodes that are new or whose entry changed.</summary>
    public required IReadOnlyList<Masternode> Changed { get; init; }

    /// <summary>Quorums that no longer sign.</summary>
    public required IReadOnlyList<(byte Type, BlockHash Hash)> GoneQuorums { get; init; }

    /// <summary>Quorums that sign since.</summary>
    public required IReadOnlyList<FinalCommitment> NewQuorums { get; init; }

    /// <summary>ChainLocks by which members of the new quorums were drawn, and which of the new quorums those are.</summary>
    public required IReadOnlyList<(ReadOnlyMemory<byte> Signature, IReadOnlyList<int> Quorums)> ChainLocks { get; init; }

    /// <summary>The contents of <c>mnlistdiff</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="protocol">The version spoken with the peer.</param>
    public void Write(ByteWriter writer, int protocol)
    {
        if (protocol >= HasVersionFirst)
        {
            writer.WriteUInt16(Version);
        }

        writer.WriteUint256(From.Value);
        writer.WriteUint256(To.Value);
        Proof.Write(writer);
        Coinbase.Write(writer);
        if (protocol is >= HasVersion and < HasVersionFirst)
        {
            writer.WriteUInt16(Version);
        }

        WriteMasternodes(writer, protocol);
        WriteQuorums(writer);
        if (protocol >= HasChainLocks)
        {
            WriteChainLocks(writer);
        }
    }

    private void WriteMasternodes(ByteWriter writer, int protocol)
    {
        writer.WriteCompactSize(Gone.Count);
        foreach (var gone in Gone)
        {
            writer.WriteUint256(gone.Value);
        }

        writer.WriteCompactSize(Changed.Count);
        foreach (var node in Changed)
        {
            if (protocol >= HasEntryVersions)
            {
                writer.WriteUInt16(node.State.Version);
            }

            node.WriteListEntry(writer, protocol >= HasTypes);
        }
    }

    private void WriteQuorums(ByteWriter writer)
    {
        writer.WriteCompactSize(GoneQuorums.Count);
        foreach (var (type, hash) in GoneQuorums)
        {
            writer.WriteByte(type);
            writer.WriteUint256(hash.Value);
        }

        writer.WriteCompactSize(NewQuorums.Count);
        foreach (var quorum in NewQuorums)
        {
            quorum.WriteCommitment(writer);
        }
    }

    private void WriteChainLocks(ByteWriter writer)
    {
        writer.WriteCompactSize(ChainLocks.Count);
        foreach (var (signature, quorums) in ChainLocks)
        {
            writer.WriteBytes(signature.Span);
            writer.WriteCompactSize(quorums.Count);
            foreach (var quorum in quorums)
            {
                writer.WriteUInt16((ushort)quorum);
            }
        }
    }
}
