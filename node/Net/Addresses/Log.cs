using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Addresses;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Count} addresses from peers.dat  {Ms}ms")]
    public static partial void AddressesLoaded(ILogger log, int count, long ms);

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating peers.dat because the file was not found (\"{Path}\")")]
    public static partial void AddressFileMissing(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating peers.dat because of invalid or corrupt file ({Reason})")]
    public static partial void AddressFileInconsistent(ILogger log, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Creating new peers.dat because the file version was not compatible (\"{Path}\"). Original backed up to peers.dat.bak")]
    public static partial void AddressFileFromLaterVersion(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "addrman lost {New} new and {Tried} tried addresses due to collisions or invalid addresses")]
    public static partial void AddressesLost(ILogger log, int @new, int tried);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Bucketing method was updated, re-bucketing addrman entries from disk")]
    public static partial void AddressesMoved(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Flushed {Count} addresses to peers.dat  {Ms}ms")]
    public static partial void AddressesFlushed(ILogger log, int count, long ms);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Added {Added} addresses (of {Count}) from {Source}: {Tried} tried, {New} new")]
    public static partial void AddressesAdded(ILogger log, int added, int count, NetAddress source, int tried, int @new);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Added {Endpoint} mapped to AS{System} to new[{Bucket}][{Position}]")]
    public static partial void AddressPlaced(ILogger log, NetEndpoint endpoint, uint system, int bucket, int position);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Moved {Endpoint} mapped to AS{System} to tried[{Bucket}][{Position}]")]
    public static partial void AddressTried(ILogger log, NetEndpoint endpoint, uint system, int bucket, int position);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Moved {Endpoint} from tried to new to make space")]
    public static partial void AddressEvicted(ILogger log, NetEndpoint endpoint);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "Collision with {There} while attempting to move {Endpoint} to tried table. Collisions={Count}")]
    public static partial void AddressCollision(ILogger log, NetEndpoint there, NetEndpoint endpoint, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Replacing {Old} with {Candidate} in tried table")]
    public static partial void AddressReplaced(ILogger log, NetEndpoint old, NetEndpoint candidate);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Selected {Endpoint} from {Table}")]
    public static partial void AddressSelected(ILogger log, NetEndpoint endpoint, string table);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Count} addresses from \"anchors.dat\"")]
    public static partial void AnchorsLoaded(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No anchors: {Reason}")]
    public static partial void AnchorsUnreadable(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "DumpAnchors: Flush {Count} outbound block-relay-only peer addresses to anchors.dat completed")]
    public static partial void AnchorsFlushed(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "DumpAnchors: Flush {Count} outbound block-relay-only peer addresses to anchors.dat started")]
    public static partial void AnchorsFlushing(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "AddLocal({Endpoint},{Score})")]
    public static partial void LocalAdded(ILogger log, NetEndpoint endpoint, int score);

    [LoggerMessage(Level = LogLevel.Information, Message = "RemoveLocal({Endpoint})")]
    public static partial void LocalRemoved(ILogger log, NetEndpoint endpoint);

    [LoggerMessage(Level = LogLevel.Debug, Message = "CheckAddrman: new {New}, tried {Tried}, total {Total} started")]
    public static partial void CheckStarted(ILogger log, int @new, int tried, int total);

    [LoggerMessage(Level = LogLevel.Debug, Message = "CheckAddrman: completed ({Ms:F2}ms)")]
    public static partial void CheckDone(ILogger log, double ms);
}
