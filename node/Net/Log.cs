using Dash.Node.Net.Addresses;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net;

/// <summary>What is told while the parts of the network are built, in dashd's words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "InitParameterInteraction: parameter interaction: {Why}")]
    public static partial void ParameterInteraction(ILogger log, string why);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Kind}: net name 'tor' is deprecated and will be removed in the future. You should use 'onion' instead.")]
    public static partial void OldNetworkName(ILogger log, string kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "Discover: {Version} {Card}: {Address}")]
    public static partial void Discovered(ILogger log, string version, string card, NetAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Using /16 prefix for IP bucketing")]
    public static partial void NoAsmap(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Opened asmap file \"{Path}\" ({Bytes} bytes) from disk")]
    public static partial void AsmapOpened(ILogger log, string path, int bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sanity check of asmap file \"{Path}\" failed")]
    public static partial void AsmapInsane(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Using asmap version {Version} for IP bucketing")]
    public static partial void AsmapUsed(ILogger log, Uint256 version);

    [LoggerMessage(Level = LogLevel.Information, Message = "DNS seeding disabled")]
    public static partial void DnsSeedingOff(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} block-relay-only anchors will be tried for connections.")]
    public static partial void AnchorsTried(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "-seednode is ignored when -connect is used")]
    public static partial void SeedNodesIgnored(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "-dnsseed is ignored when -connect is used and -proxy is specified")]
    public static partial void DnsSeedsIgnored(ILogger log);
}
