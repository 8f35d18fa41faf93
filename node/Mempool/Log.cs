using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Mempool;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Removed {Txid} from set of unbroadcast txns{Why}")]
    public static partial void UnbroadcastForgotten(ILogger log, Txid txid, string why);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Imported mempool transactions from disk: {Succeeded} succeeded, {Failed} failed, {Expired} expired, "
            + "{There} already there, {Unbroadcast} waiting for initial broadcast")]
    public static partial void Imported(
        ILogger log, int succeeded, int failed, int expired, int there, int unbroadcast);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Failed to deserialize mempool data on disk: {Reason}. Continuing anyway.")]
    public static partial void ImportFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Failed to dump mempool: {Reason}. Continuing anyway.")]
    public static partial void SaveFailed(ILogger log, string reason);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "AcceptToMemoryPool: accepted {Txid} (poolsz {Count} txn, {KiB} kB)")]
    public static partial void Accepted(ILogger log, Txid txid, int count, long kiB);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Txid} was not accepted: {Reason}")]
    public static partial void Rejected(ILogger log, Txid txid, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Failed to read fee estimates from {Path}. Continue anyway.")]
    public static partial void FeesNotRead(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Failed to write fee estimates to {Path}. Continue anyway.")]
    public static partial void FeesNotWritten(ILogger log, string path);
}
