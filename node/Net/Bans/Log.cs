using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Bans;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "banlist.dat ignored because it can only be read by Dash Core version 19.x. Remove \"{Path}\" to silence this warning.")]
    public static partial void OldBanFile(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Cannot load banlist {Path}: {Reason}")]
    public static partial void BanFileUnreadable(ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Cannot parse banlist {Path}: {Reason}")]
    public static partial void BanFileInvalid(ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropping entry with unknown version ({Version}) from ban list")]
    public static partial void BanOfLaterVersion(ILogger log, long version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropping entry with unparseable address or subnet ({Text}) from ban list")]
    public static partial void BanUnknown(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "Recreating the banlist database")]
    public static partial void BansRecreated(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Loaded {Count} banned node addresses/subnets  {Ms}ms")]
    public static partial void BansLoaded(ILogger log, int count, long ms);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Flushed {Count} banned node addresses/subnets to disk  {Ms}ms")]
    public static partial void BansStored(ILogger log, int count, long ms);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The banlist can't be stored: {Reason}")]
    public static partial void BansNotStored(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Removed banned node address/subnet: {Subnet}")]
    public static partial void BanExpired(ILogger log, NetSubnet subnet);
}
