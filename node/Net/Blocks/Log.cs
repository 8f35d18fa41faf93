using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>What the exchange of headers and blocks logs; the words are dashd's.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Requesting block {Hash} ({Height}) peer={Peer}")]
    public static partial void RequestingBlock(ILogger log, BlockHash hash, int height, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Requesting block {Hash} from  peer={Peer}")]
    public static partial void RequestingDirectly(ILogger log, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Downloading blocks toward {Hash} ({Height}) via headers direct fetch")]
    public static partial void FetchingDirectly(ILogger log, BlockHash hash, int height);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Large reorg, won't direct fetch to {Hash} ({Height})")]
    public static partial void LargeReorg(ILogger log, BlockHash hash, int height);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Unexpected headers message received from peer {Peer}")]
    public static partial void UnexpectedHeaders(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer={Peer}: headers refused: {State}")]
    public static partial void HeadersRefused(ILogger log, long peer, ValidationState state);

    [LoggerMessage(Level = LogLevel.Debug, Message = "more {Type} ({Height}) to end to peer={Peer} (startheight:{StartingHeight})")]
    public static partial void MoreHeaders(ILogger log, string type, int height, long peer, int startingHeight);

    [LoggerMessage(Level = LogLevel.Debug, Message = "initial {Type} ({Height}) to peer={Peer} (startheight:{StartingHeight})")]
    public static partial void InitialHeaders(ILogger log, string type, int height, long peer, int startingHeight);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "received header {Hash}: missing prev block {Previous}, sending {Type} ({Height}) to end (peer={Peer}, nUnconnectingHeaders={Count})")]
    public static partial void Unconnecting(ILogger log, BlockHash hash, BlockHash previous, string type, int height, long peer, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer={Peer}: resetting nUnconnectingHeaders ({Count} -> 0)")]
    public static partial void UnconnectingReset(ILogger log, long peer, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Disconnecting outbound peer {Peer} -- headers chain has insufficient work")]
    public static partial void TooLittleWork(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Protecting outbound peer={Peer} from eviction")]
    public static partial void Protecting(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "Timeout downloading headers from peer={Peer}{Address}, disconnecting")]
    public static partial void HeadersTimeout(ILogger log, long peer, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Timeout downloading headers from noban peer={Peer}{Address}, not disconnecting")]
    public static partial void HeadersTimeoutForgiven(ILogger log, long peer, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Disconnecting outbound peer {Peer} for old chain, best known block = {Block}")]
    public static partial void OldChain(ILogger log, long peer, string block);

    [LoggerMessage(Level = LogLevel.Debug, Message = "sending {Type} to outbound peer={Peer} to verify chain work")]
    public static partial void VerifyingChain(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Unexpected {Type} message received from peer {Peer}")]
    public static partial void UnexpectedBlock(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "received block {Hash} peer={Peer}")]
    public static partial void ReceivedBlock(ILogger log, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} is stalling block download, disconnecting")]
    public static partial void Stalling(ILogger log, string peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Increased stalling timeout temporarily to {Seconds} seconds")]
    public static partial void StallingTimeoutRaised(ILogger log, long seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Decreased stalling timeout to {Seconds} seconds")]
    public static partial void StallingTimeoutLowered(ILogger log, long seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stall started peer={Peer}")]
    public static partial void StallStarted(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "Timeout downloading block {Hash} from {Peer}, disconnecting")]
    public static partial void BlockTimeout(ILogger log, BlockHash hash, string peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} locator size {Size} > {Max}, disconnect peer={Peer}")]
    public static partial void LocatorTooLong(ILogger log, string type, int size, int max, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Ignoring {Type} from peer={Peer} while importing/reindexing")]
    public static partial void IgnoredWhileImporting(ILogger log, string type, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Ignoring {Type} from peer={Peer} because active chain has too little work; sending empty response")]
    public static partial void IgnoredForWork(ILogger log, string type, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "ProcessMessage: ignoring request from peer={Peer} for old block header that isn't in the main chain")]
    public static partial void OldHeaderRequest(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} {Height} to {Stop} from peer={Peer}")]
    public static partial void HeadersAsked(ILogger log, string type, int height, string stop, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "getblocks {Height} to {Stop} limit {Limit} from peer={Peer}")]
    public static partial void BlocksAsked(ILogger log, int height, string stop, int limit, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "  getblocks stopping at {Height} {Hash}")]
    public static partial void BlocksStop(ILogger log, int height, BlockHash hash);

    [LoggerMessage(Level = LogLevel.Debug, Message = "  getblocks stopping at limit {Height} {Hash}")]
    public static partial void BlocksLimit(ILogger log, int height, BlockHash hash);

    [LoggerMessage(Level = LogLevel.Debug, Message = " getblocks stopping, pruned or too old block at {Height} {Hash}")]
    public static partial void BlocksPruned(ILogger log, int height, BlockHash hash);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages: sending inv peer={Peer} hash={Hash}")]
    public static partial void AnnouncingByInv(ILogger log, long peer, BlockHash hash);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages: sending header {Hash} to peer={Peer}")]
    public static partial void AnnouncingHeader(ILogger log, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages: {Count} headers, range ({First}, {Last}), to peer={Peer}")]
    public static partial void AnnouncingHeaders(ILogger log, int count, BlockHash first, BlockHash last, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SendMessages sending header-and-ids {Hash} to peer={Peer}")]
    public static partial void AnnouncingCompact(ILogger log, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "PeerManager::NewPoWValidBlock sending header-and-ids {Hash} to peer={Peer}")]
    public static partial void AnnouncingEarly(ILogger log, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "Saw new cmpctblock header hash={Hash} peer={Peer}")]
    public static partial void NewCompactHeader(ILogger log, BlockHash hash, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Peer sent us compact block we were already syncing!")]
    public static partial void CompactTwice(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Peer {Peer} sent us block transactions for block we weren't expecting")]
    public static partial void UnexpectedTransactions(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Peer {Peer} sent us a getblocktxn for a block we don't have")]
    public static partial void UnknownBlockTransactions(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Peer {Peer} sent us a getblocktxn for a block > {Depth} deep")]
    public static partial void DeepBlockTransactions(ILogger log, long peer, int depth);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer {Peer} requested unsupported block filter type: {Type}")]
    public static partial void UnsupportedFilter(ILogger log, long peer, int type);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer {Peer} requested invalid block hash: {Hash}")]
    public static partial void InvalidFilterBlock(ILogger log, long peer, BlockHash hash);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "peer {Peer} sent invalid getcfilters/getcfheaders with start height {Start} and stop height {Stop}")]
    public static partial void InvalidFilterRange(ILogger log, long peer, long start, int stop);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer {Peer} requested too many cfilters/cfheaders: {Count} / {Max}")]
    public static partial void TooManyFilters(ILogger log, long peer, long count, int max);
}
