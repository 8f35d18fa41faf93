using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Sporks;

/// <summary>What sporks and the synchronisation of masternode data log; the words are dashd's.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "CSporkManager::ProcessSpork -- ERROR: too far into the future")]
    public static partial void FromTheFuture(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "CSporkManager::ProcessSpork -- ERROR: invalid signature")]
    public static partial void InvalidSignature(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "SPORK -- hash: {Hash} id: {Id} value: {Value,10} peer={Peer} {Outcome}")]
    public static partial void Spork(ILogger log, Uint256 hash, int id, long value, long peer, string outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "CMasternodeSync::SwitchToNextAsset -- Completed {Asset} in {Seconds}s")]
    public static partial void AssetCompleted(ILogger log, string asset, long seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "CMasternodeSync::SwitchToNextAsset -- Starting {Asset}")]
    public static partial void AssetStarting(ILogger log, string asset);

    [LoggerMessage(Level = LogLevel.Information, Message = "CMasternodeSync::SwitchToNextAsset -- Sync has finished")]
    public static partial void Finished(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sync Tick -- WARNING: no actions for too long, restarting sync...")]
    public static partial void Slept(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Sync Tick -- asset_id {Asset} -- requesting sporks from peer={Peer}")]
    public static partial void AskingForSporks(ILogger log, int asset, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Sync Tick -- asset_id {Asset} -- syncing mempool from peer={Peer}")]
    public static partial void AskingForMempool(ILogger log, int asset, long peer);
}
