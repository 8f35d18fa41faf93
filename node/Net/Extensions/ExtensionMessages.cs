using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Sporks;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Extensions;

/// <summary>
/// Messages of masternodes, quorums, governance, locks and mixing, of which nothing is kept: each is read to its end, so
/// that its form is checked, and a peer that could not mean it honestly is blamed as dashd does. What dashd leaves unread
/// when it is no masternode is not read here either. Light clients are told what changed about masternodes.
/// </summary>
internal sealed class ExtensionMessages(
    BlockSync sync,
    Validation validation,
    SporkTable sporks,
    MasternodeSync masternodeSync,
    FulfilledRequests fulfilled,
    Misbehavior misbehavior,
    bool hasGovernance,
    ILoggerFactory logs) : MessageFamily
{
    private const int StaleCommitmentVersion = 70239; // from here on peers know better than to send old commitments
    private const int ChainedRotationVersion = 70236; // Core: EFFICIENT_QRINFO_VERSION
    private const int PlatformBanWindow = 576;
    private const int PlatformBanTolerance = 5;
    private const int GovernanceObjects = 10;
    private const int GovernanceVotes = 11;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Llmq);
    private readonly ILogger _governance = logs.CreateLogger(LogCategory.GObject);
    private readonly ILogger _sync = logs.CreateLogger(LogCategory.MnSync);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    private ChainParams Network => sync.Chainstate.Network;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } =
    [
        MessageTypes.MasternodeAuth, MessageTypes.SendMixingQueue, MessageTypes.MixingQueue, MessageTypes.SendRecoveredSignatures,
        MessageTypes.RecoveredSignature, MessageTypes.FinalCommitment, MessageTypes.GetQuorumData, MessageTypes.QuorumData,
        MessageTypes.Watch, MessageTypes.Contribution, MessageTypes.Complaint, MessageTypes.Justification, MessageTypes.PrematureCommitment,
        MessageTypes.ChainLock, MessageTypes.InstantSendLock, MessageTypes.GovernanceSync, MessageTypes.GovernanceObject,
        MessageTypes.GovernanceVote, MessageTypes.SyncStatusCount, MessageTypes.GetMasternodeListDiff, MessageTypes.MasternodeListDiff,
        MessageTypes.GetQuorumRotationInfo, MessageTypes.QuorumRotationInfo, MessageTypes.PlatformBan,
    ];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        var reader = message.Reader();
        switch (message.Type)
        {
            case MessageTypes.SendMixingQueue or MessageTypes.SendRecoveredSignatures:
                reader.ReadBool();
                break;
            case MessageTypes.MasternodeListDiff:
                misbehavior.Report(peer, 100, $"received not-requested mnlistdiff. peer={peer.Id}");
                break;
            case MessageTypes.QuorumRotationInfo:
                misbehavior.Report(peer, 100, $"received not-requested quorumrotationinfo. peer={peer.Id}");
                break;
            case MessageTypes.GetMasternodeListDiff:
                return AnswerListDiffAsync(peer, new BlockHash(reader.ReadUint256()), new BlockHash(reader.ReadUint256()), ct);
            case MessageTypes.GetQuorumRotationInfo:
                return AnswerRotationAsync(peer, ExtensionReader.RotationRequest(ref reader), ct);
            case MessageTypes.GetQuorumData:
                misbehavior.Report(peer, 10, "not a verified masternode or a qwatch connection");
                break;
            case MessageTypes.QuorumData:
                misbehavior.Report(peer, 10, "not a verified masternode and -watchquorums is not enabled");
                break;
            case MessageTypes.Watch or MessageTypes.Contribution or MessageTypes.Complaint or MessageTypes.Justification
                or MessageTypes.PrematureCommitment:
                if (sporks.IsActive(SporkDefinition.KeyGeneration))
                {
                    misbehavior.Report(peer, 10); // only for masternodes of the quorum
                }

                break;
            case MessageTypes.RecoveredSignature:
                if (!IsQuorumKind(ExtensionReader.RecoveredSignature(ref reader)))
                {
                    misbehavior.Report(peer, 100);
                }

                break;
            case MessageTypes.FinalCommitment:
                TakeCommitment(peer, FinalCommitment.ReadCommitment(ref reader));
                break;
            case MessageTypes.ChainLock or MessageTypes.InstantSendLock:
                TakeLock(peer, message);
                break;
            case MessageTypes.SyncStatusCount:
                TakeStatusCount(peer, ref reader);
                break;
            case MessageTypes.MasternodeAuth:
                return masternodeSync.IsBlockchainSynced ? TakeAuthAsync(peer, ExtensionReader.MasternodeAuth(ref reader), ct) : default;
            default:
                // All others speak of the list of masternodes, which is not known before the chain is.
                if (masternodeSync.IsBlockchainSynced)
                {
                    TakeSynced(peer, message.Type, ref reader);
                }

                break;
        }

        return ValueTask.CompletedTask;
    }

    // Who asks for what was long ago gets no answer, and no blame: only the states of the last blocks are kept.
    private async ValueTask AnswerListDiffAsync(Peer peer, BlockHash from, BlockHash to, CancellationToken ct)
    {
        var (diff, fault) = await validation.PostAsync(
            (chainstate, _) => (new MasternodeListDiffs(chainstate).Between(from, to, out var reason), reason), ct).ConfigureAwait(false);
        if (fault is not null)
        {
            misbehavior.Report(peer, 1, $"getmnlistdiff failed for baseBlockHash={from}, blockHash={to}. error={fault}");
        }
        else if (diff is not null)
        {
            ByteWriter writer = new(4096);
            diff.Write(writer, peer.CommonVersion);
            peer.Send(MessageTypes.MasternodeListDiff, writer.ToArray());
        }
    }

    private async ValueTask AnswerRotationAsync(Peer peer, (IReadOnlyList<BlockHash> Known, BlockHash Wanted, bool WithFourth) request, CancellationToken ct)
    {
        var isChained = peer.CommonVersion >= ChainedRotationVersion;
        var (rotation, fault) = await validation.PostAsync(
            (chainstate, _) => (new QuorumRotations(chainstate, isChained).For(request.Known, request.Wanted, request.WithFourth, out var reason), reason),
            ct).ConfigureAwait(false);
        if (fault is not null)
        {
            misbehavior.Report(
                peer, 1, $"getquorumrotationinfo failed for size(baseBlockHashes)={request.Known.Count}, blockRequestHash={request.Wanted}. error={fault}");
        }
        else if (rotation is not null)
        {
            ByteWriter writer = new(16384);
            rotation.Write(writer, peer.CommonVersion);
            peer.Send(MessageTypes.QuorumRotationInfo, writer.ToArray());
        }
    }

    private bool IsQuorumKind(byte type) => Network.Llmqs.Any(kind => kind.Type == type);

    private void TakeSynced(Peer peer, string type, ref SpanReader reader)
    {
        switch (type)
        {
            case MessageTypes.MixingQueue:
                if (ExtensionReader.MixingQueue(ref reader) == Uint256.Zero)
                {
                    misbehavior.Report(peer, 100);
                }

                break;
            case MessageTypes.PlatformBan:
                TakePlatformBan(peer, ExtensionReader.PlatformBan(ref reader));
                break;
            case var _ when !hasGovernance:
                break;
            case MessageTypes.GovernanceObject:
                ExtensionReader.GovernanceObject(ref reader);
                break;
            case MessageTypes.GovernanceVote:
                ExtensionReader.GovernanceVote(ref reader);
                break;
            default:
                if (masternodeSync.IsSynced)
                {
                    AnswerGovernanceSync(peer, ref reader);
                }

                break;
        }
    }

    // Everything but whether the operator's key made the signature: nobody becomes a masternode by it here.
    private async ValueTask TakeAuthAsync(Peer peer, (Txid ProTxHash, byte[] Signature) auth, CancellationToken ct)
    {
        const ServiceFlags Needed = ServiceFlags.Network | ServiceFlags.Bloom;
        var scheme = sync.Tip.Height >= Network.Heights.V19 ? BlsScheme.Basic : BlsScheme.Legacy;
        if ((~peer.Services & Needed) != 0)
        {
            misbehavior.Report(peer, 100, "mnauth from a node with invalid services");
        }
        else if (auth.ProTxHash.Value == Uint256.Zero)
        {
            misbehavior.Report(peer, 100, "empty mnauth proRegTxHash");
        }
        else if (!BlsSignature.TryParse(auth.Signature, scheme, out var signature) || !signature.IsValid(scheme))
        {
            misbehavior.Report(peer, 100, "invalid mnauth signature");
        }
        else if (await validation.PostAsync(
            (chainstate, _) => chainstate.Evo.ListAt(chainstate.View.Tip).Find(auth.ProTxHash) is null, ct).ConfigureAwait(false))
        {
            misbehavior.Report(peer, 10, "missing mnauth masternode"); // perhaps it does not know yet that it is none any more
        }
    }

    // DIP6: of an active quorum's first block, and not older than an interval.
    private void TakeCommitment(Peer peer, FinalCommitment commitment)
    {
        if (commitment.IsNull)
        {
            Log.NullCommitment(_log, peer.Id);
            misbehavior.Report(peer, 100);
            return;
        }

        if (Network.Llmqs.FirstOrDefault(kind => kind.Type == commitment.LlmqType) is not { } llmq)
        {
            Log.UnknownCommitmentType(_log, commitment.LlmqType, peer.Id);
            misbehavior.Report(peer, 100);
            return;
        }

        if (sync.Index.Find(commitment.QuorumHash) is not { } start || !sync.View.Contains(start))
        {
            Log.UnknownCommitmentBlock(_log, commitment.QuorumHash, peer.Id);
            return; // perhaps it is our chain that is the wrong one
        }

        if (start.Height % llmq.DkgInterval != commitment.QuorumIndex)
        {
            Log.MisplacedCommitment(_log, commitment.QuorumHash, peer.Id);
            misbehavior.Report(peer, 100);
        }
        else if (start.Height < sync.Tip.Height - llmq.DkgInterval)
        {
            Log.OldCommitment(_log, commitment.QuorumHash, peer.Id);
            if (peer.CommonVersion >= StaleCommitmentVersion)
            {
                misbehavior.Report(peer, 100);
            }
        }
    }

    private void TakeLock(Peer peer, ReceivedMessage message)
    {
        var reader = message.Reader();
        if (message.Type == MessageTypes.ChainLock)
        {
            if (sporks.IsActive(SporkDefinition.ChainLocks))
            {
                ChainLock.Read(ref reader);
            }

            return;
        }

        if (sync.IsImporting || !sporks.IsActive(SporkDefinition.InstantSend))
        {
            return;
        }

        var instant = InstantSendLock.Read(ref reader);
        if (!instant.IsWellFormed)
        {
            misbehavior.Report(peer, 100);
        }
        else if (sync.Index.Find(instant.CycleHash) is not { } cycle || !sync.View.Contains(cycle))
        {
            misbehavior.Report(peer, 1); // perhaps the block is still to come
        }
        else if (cycle.Height % Network.LlmqInstantSend.DkgInterval != 0)
        {
            misbehavior.Report(peer, 100);
        }
    }

    private void TakeStatusCount(Peer peer, ref SpanReader reader)
    {
        if (!masternodeSync.IsSynced)
        {
            var (item, count) = (reader.ReadInt32(), reader.ReadInt32());
            Log.StatusCount(_sync, item, count, peer.Id);
        }
    }

    // There are no objects here, and so no votes: that is what is told. The whole list is asked for once in a while only.
    private void AnswerGovernanceSync(Peer peer, ref SpanReader reader)
    {
        var about = reader.ReadUint256();
        BloomFilter.Read(ref reader);
        Log.GovernanceSync(_governance, peer.Id);
        if (about == Uint256.Zero && !fulfilled.TryAdd(peer.Address, MessageTypes.GovernanceSync))
        {
            Log.GovernanceAskedBefore(_governance);
            misbehavior.Report(peer, 20);
            return;
        }

        ByteWriter writer = new(8);
        writer.WriteInt32(about == Uint256.Zero ? GovernanceObjects : GovernanceVotes);
        writer.WriteInt32(0);
        peer.Send(MessageTypes.SyncStatusCount, writer.ToArray());
    }

    private void TakePlatformBan(Peer peer, (Uint256 ProTxHash, int Height) ban)
    {
        Log.PlatformBan(_general, ban.ProTxHash, ban.Height, peer.Id);
        var tip = sync.Tip.Height;
        if (ban.Height > tip || ban.Height < tip - PlatformBanWindow)
        {
            var isFar = ban.Height > tip + PlatformBanTolerance || ban.Height < tip - PlatformBanWindow - PlatformBanTolerance;
            misbehavior.Report(peer, isFar ? 10 : 1);
        }
    }
}
