using System.Collections.Frozen;

namespace Dash.Node.Net.Wire;

/// <summary>The names of messages, as they stand in the header of version 1 of the transport.</summary>
internal static class MessageTypes
{
    public const string Version = "version";
    public const string Verack = "verack";
    public const string Addr = "addr";
    public const string AddrV2 = "addrv2";
    public const string SendAddrV2 = "sendaddrv2";
    public const string Inv = "inv";
    public const string GetData = "getdata";
    public const string MerkleBlock = "merkleblock";
    public const string GetBlocks = "getblocks";
    public const string GetHeaders = "getheaders";
    public const string Tx = "tx";
    public const string Headers = "headers";
    public const string Block = "block";
    public const string GetAddr = "getaddr";
    public const string Mempool = "mempool";
    public const string Ping = "ping";
    public const string Pong = "pong";
    public const string NotFound = "notfound";
    public const string FilterLoad = "filterload";
    public const string FilterAdd = "filteradd";
    public const string FilterClear = "filterclear";
    public const string SendHeaders = "sendheaders";
    public const string SendCompact = "sendcmpct";
    public const string CompactBlock = "cmpctblock";
    public const string GetBlockTransactions = "getblocktxn";
    public const string BlockTransactions = "blocktxn";
    public const string GetCFilters = "getcfilters";
    public const string CFilter = "cfilter";
    public const string GetCFHeaders = "getcfheaders";
    public const string CFHeaders = "cfheaders";
    public const string GetCFCheckpoint = "getcfcheckpt";
    public const string CFCheckpoint = "cfcheckpt";
    public const string SendReconciliation = "sendtxrcncl";
    public const string Spork = "spork";
    public const string GetSporks = "getsporks";
    public const string MixingAccept = "dsa";
    public const string MixingInputs = "dsi";
    public const string MixingFinal = "dsf";
    public const string MixingSigned = "dss";
    public const string MixingComplete = "dsc";
    public const string MixingStatus = "dssu";
    public const string MixingTransaction = "dstx";
    public const string MixingQueue = "dsq";
    public const string SendMixingQueue = "senddsq";
    public const string SyncStatusCount = "ssc";
    public const string GovernanceSync = "govsync";
    public const string GovernanceObject = "govobj";
    public const string GovernanceVote = "govobjvote";
    public const string GetMasternodeListDiff = "getmnlistd";
    public const string MasternodeListDiff = "mnlistdiff";
    public const string SendRecoveredSignatures = "qsendrecsigs";
    public const string FinalCommitment = "qfcommit";
    public const string Contribution = "qcontrib";
    public const string Complaint = "qcomplaint";
    public const string Justification = "qjustify";
    public const string PrematureCommitment = "qpcommit";
    public const string Watch = "qwatch";
    public const string SignatureSessionAnnouncement = "qsigsesann";
    public const string SignatureSharesInv = "qsigsinv";
    public const string GetSignatureShares = "qgetsigs";
    public const string BatchedSignatureShares = "qbsigs";
    public const string RecoveredSignature = "qsigrec";
    public const string SignatureShare = "qsigshare";
    public const string GetQuorumData = "qgetdata";
    public const string QuorumData = "qdata";
    public const string ChainLock = "clsig";
    public const string InstantSendLock = "isdlock";
    public const string MasternodeAuth = "mnauth";
    public const string GetHeaders2 = "getheaders2";
    public const string SendHeaders2 = "sendheaders2";
    public const string Headers2 = "headers2";
    public const string GetQuorumRotationInfo = "getqrinfo";
    public const string QuorumRotationInfo = "qrinfo";
    public const string PlatformBan = "platformban";

    /// <summary>The name under which the bytes of all other messages are counted.</summary>
    public const string Other = "*other*";

    /// <summary>Every message of the protocol.</summary>
    public static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
    [
        Version, Verack, Addr, AddrV2, SendAddrV2, Inv, GetData, MerkleBlock, GetBlocks, GetHeaders, Tx, Headers, Block, GetAddr, Mempool,
        Ping, Pong, NotFound, FilterLoad, FilterAdd, FilterClear, SendHeaders, SendCompact, CompactBlock, GetBlockTransactions,
        BlockTransactions, GetCFilters, CFilter, GetCFHeaders, CFHeaders, GetCFCheckpoint, CFCheckpoint, SendReconciliation, Spork,
        GetSporks, MixingAccept, MixingInputs, MixingFinal, MixingSigned, MixingComplete, MixingStatus, MixingTransaction, MixingQueue,
        SendMixingQueue, SyncStatusCount, GovernanceSync, GovernanceObject, GovernanceVote, GetMasternodeListDiff, MasternodeListDiff,
        SendRecoveredSignatures, FinalCommitment, Contribution, Complaint, Justification, PrematureCommitment, Watch,
        SignatureSessionAnnouncement, SignatureSharesInv, GetSignatureShares, BatchedSignatureShares, RecoveredSignature, SignatureShare,
        GetQuorumData, QuorumData, ChainLock, InstantSendLock, MasternodeAuth, GetHeaders2, SendHeaders2, Headers2, GetQuorumRotationInfo,
        QuorumRotationInfo, PlatformBan,
    ]);

    /// <summary>What a node that said it takes no transactions may not be sent.</summary>
    public static readonly FrozenSet<string> OfTransactions = FrozenSet.ToFrozenSet(
    [
        Tx, MixingAccept, MixingComplete, MixingFinal, MixingInputs, MixingQueue, MixingSigned, MixingStatus, MixingTransaction,
        GetQuorumRotationInfo, QuorumRotationInfo, PlatformBan, BatchedSignatureShares, Complaint, Contribution, QuorumData, GetQuorumData,
        GetSignatureShares, Justification, PrematureCommitment, SendRecoveredSignatures, RecoveredSignature, SignatureSessionAnnouncement,
        SignatureShare, SignatureSharesInv, Watch,
    ]);
}
