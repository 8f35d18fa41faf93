using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Extensions;

/// <summary>
/// Reads the contents of messages of which nothing is kept, and gives what is needed to judge the sender. All throw
/// <see cref="EncodingException"/> when the message ends early.
/// </summary>
internal static class ExtensionReader
{
    /// <summary><c>mnauth</c>: the masternode, and its signature.</summary>
    public static (Txid ProTxHash, byte[] Signature) MasternodeAuth(ref SpanReader reader) =>
        (new Txid(reader.ReadUint256()), reader.ReadBytes(BlsSignature.Size).ToArray());

    /// <summary><c>dsq</c>: denomination, masternode, time, whether it is ready, and the signature.</summary>
    public static Uint256 MixingQueue(ref SpanReader reader)
    {
        reader.ReadInt32();
        var proTxHash = reader.ReadUint256();
        reader.ReadInt64();
        reader.ReadBool();
        reader.ReadVarBytes();
        return proTxHash;
    }

    /// <summary><c>qsigrec</c>: kind of the quorum, its block, what was signed for what, and the signature.</summary>
    public static byte RecoveredSignature(ref SpanReader reader)
    {
        var type = reader.ReadByte();
        reader.Skip(3 * Uint256.Size);
        reader.Skip(BlsSignature.Size);
        return type;
    }

    /// <summary><c>platformban</c>: the masternode, a height, the quorum's block, and its signature.</summary>
    public static (Uint256 ProTxHash, int Height) PlatformBan(ref SpanReader reader)
    {
        var ban = (reader.ReadUint256(), reader.ReadInt32());
        reader.ReadUint256();
        reader.Skip(BlsSignature.Size);
        return ban;
    }

    /// <summary><c>govobj</c>: parent, revision, time, collateral, data, type, masternode, and the signature.</summary>
    public static void GovernanceObject(ref SpanReader reader)
    {
        reader.ReadUint256();
        reader.ReadInt32();
        reader.ReadInt64();
        reader.ReadUint256();
        reader.ReadVarBytes();
        reader.ReadInt32();
        OutPoint.Read(ref reader);
        reader.ReadVarBytes();
    }

    /// <summary><c>govobjvote</c>: masternode, object, outcome, signal, time, and the signature.</summary>
    public static void GovernanceVote(ref SpanReader reader)
    {
        OutPoint.Read(ref reader);
        reader.ReadUint256();
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt64();
        reader.ReadVarBytes();
    }

    /// <summary><c>getqrinfo</c>: known blocks, the wanted one, and whether a share more.</summary>
    public static (IReadOnlyList<BlockHash> Known, BlockHash Wanted, bool WithFourth) RotationRequest(ref SpanReader reader)
    {
        var known = new BlockHash[reader.ReadCount(Uint256.Size)];
        for (var i = 0; i < known.Length; i++)
        {
            known[i] = new BlockHash(reader.ReadUint256());
        }

        return (known, new BlockHash(reader.ReadUint256()), reader.ReadBool());
    }
}
