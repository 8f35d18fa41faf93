using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Extensions;

/// <summary>The lines this folder logs, in dashd's words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "CQuorumBlockProcessor::ProcessMessage -- null commitment from peer={Peer}")]
    public static partial void NullCommitment(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "CQuorumBlockProcessor::ProcessMessage -- invalid commitment type {Type} from peer={Peer}")]
    public static partial void UnknownCommitmentType(ILogger log, byte type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "CQuorumBlockProcessor::ProcessMessage -- unknown block {Block} in commitment, peer={Peer}")]
    public static partial void UnknownCommitmentBlock(ILogger log, BlockHash block, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "CQuorumBlockProcessor::ProcessMessage -- block {Block} is not the first block in the DKG interval, peer={Peer}")]
    public static partial void MisplacedCommitment(ILogger log, BlockHash block, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "CQuorumBlockProcessor::ProcessMessage -- block {Block} is too old, peer={Peer}")]
    public static partial void OldCommitment(ILogger log, BlockHash block, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "SYNCSTATUSCOUNT -- got inventory count: nItemID={Item}  nCount={Count}  peer={Peer}")]
    public static partial void StatusCount(ILogger log, int item, int count, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "MNGOVERNANCESYNC -- syncing governance objects to our peer peer={Peer}")]
    public static partial void GovernanceSync(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "MNGOVERNANCESYNC -- peer already asked me for the list")]
    public static partial void GovernanceAskedBefore(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "PLATFORMBAN -- protx_hash: {ProTxHash} height: {Height} peer={Peer}")]
    public static partial void PlatformBan(ILogger log, Uint256 proTxHash, int height, long peer);
}
