using Dash.Node.Consensus;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>What the relay of transactions logs; the words are dashd's.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "DSTX -- Invalid DSTX structure: {Txid}")]
    public static partial void MixingMalformed(ILogger log, Txid txid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "DSTX -- Can't find masternode {ProTxHash} to verify {Txid}")]
    public static partial void MixingWithoutMasternode(ILogger log, Txid proTxHash, Txid txid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ignoring large orphan tx (size: {Size}, hash: {Txid})")]
    public static partial void LargeOrphan(ILogger log, int size, Txid txid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "stored orphan tx {Txid} (mapsz {Count} outsz {Outputs})")]
    public static partial void OrphanStored(ILogger log, Txid txid, int count, int outputs);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Erased {Count} orphan tx from peer={Peer}")]
    public static partial void OrphansOfPeer(ILogger log, int count, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Erased {Count} orphan tx due to expiration")]
    public static partial void OrphansExpired(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "orphanage overflow, removed {Count} tx")]
    public static partial void OrphansOverflow(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Erased {Count} orphan tx included or conflicted by block")]
    public static partial void OrphansInBlock(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "   accepted orphan tx {Txid}")]
    public static partial void OrphanAccepted(ILogger log, Txid txid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "   invalid orphan tx {Txid} from peer={Peer}. {State}")]
    public static partial void OrphanInvalid(ILogger log, Txid txid, long peer, ValidationState state);

    [LoggerMessage(Level = LogLevel.Debug, Message = "   removed orphan tx {Txid}")]
    public static partial void OrphanRemoved(ILogger log, Txid txid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "not keeping orphan with rejected parents {Txid}")]
    public static partial void OrphanOfRefused(ILogger log, Txid txid);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "RequestObject -- inv=({Item}), current_time={Now}, process_time={Time}, delta={Delta}")]
    public static partial void ObjectScheduled(ILogger log, InventoryItem item, long now, long time, long delta);

    [LoggerMessage(Level = LogLevel.Debug, Message = "EraseObjectRequest -- inv=({Item})")]
    public static partial void ObjectErased(ILogger log, InventoryItem item);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages -- GETDATA skipping inv=({Item}), peer={Peer}")]
    public static partial void ObjectSkipped(ILogger log, InventoryItem item, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages -- GETDATA already seen inv=({Item}), peer={Peer}")]
    public static partial void ObjectThere(ILogger log, InventoryItem item, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "SendMessages -- GETDATA re-queue inv=({Item}), next_process_time={Time}, delta={Delta}, peer={Peer}")]
    public static partial void ObjectRescheduled(ILogger log, InventoryItem item, long time, long delta, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Requesting {Item} peer={Peer}")]
    public static partial void RequestingObject(ILogger log, InventoryItem item, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "timeout of inflight object {Item} from peer={Peer}")]
    public static partial void ObjectTimeout(ILogger log, InventoryItem item, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "AcceptToMemoryPool: peer={Peer}: accepted {Txid}")]
    public static partial void Accepted(ILogger log, long peer, Txid txid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Txid} from peer={Peer} was not accepted: {State}")]
    public static partial void NotAccepted(ILogger log, Txid txid, long peer, ValidationState state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Not relaying non-mempool transaction {Txid} from forcerelay peer={Peer}")]
    public static partial void NotForceRelaying(ILogger log, Txid txid, long peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "Force relaying tx {Txid} from peer={Peer}")]
    public static partial void ForceRelaying(ILogger log, Txid txid, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "got inv of unknown type {Kind}: {Hash} peer={Peer}")]
    public static partial void UnknownInv(ILogger log, int kind, Uint256 hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "got inv: {Item}  {State} peer={Peer}")]
    public static partial void GotInv(ILogger log, InventoryItem item, string state, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} ({Hash}) inv sent in violation of protocol, disconnecting peer={Peer}")]
    public static partial void InvViolation(ILogger log, string type, Uint256 hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} ({Height}) {Hash} to peer={Peer}")]
    public static partial void HeadersForInv(ILogger log, string type, int height, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages -- queued inv: {Item}  index={Index} peer={Peer}")]
    public static partial void QueuedInv(ILogger log, InventoryItem item, int index, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} received despite not offering bloom services from peer={Peer}; disconnecting")]
    public static partial void NoBloomFilters(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "mempool request with {Reason}, disconnect peer={Peer}")]
    public static partial void MempoolRefused(ILogger log, string reason, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "received getdata ({Count} invsz) peer={Peer}")]
    public static partial void GetDataReceived(ILogger log, int count, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "received getdata for: {Item} peer={Peer}")]
    public static partial void GetDataFor(ILogger log, InventoryItem item, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "ProcessGetBlockData: ignoring request from peer={Peer} for old block that isn't in the main chain")]
    public static partial void OldBlockRequest(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "historical block serving limit reached, disconnect peer={Peer}")]
    public static partial void UploadTargetReached(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Ignore block request below NODE_NETWORK_LIMITED threshold, disconnect peer={Peer}")]
    public static partial void BelowLimited(ILogger log, long peer);
}
