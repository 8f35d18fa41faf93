using Dash.Node.Net.Addresses;
using Dash.Node.Net.Proxies;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>The lines this folder logs, in dashd's words.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} thread start")]
    public static partial void ThreadStarted(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} thread exit")]
    public static partial void ThreadEnded(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} addresses found from DNS seeds")]
    public static partial void SeedsFound(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "P2P peers available. {What} DNS seeding.")]
    public static partial void SeedingDone(ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loading addresses from DNS seed {Seed}")]
    public static partial void AskingSeed(ILogger log, string seed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting {Seconds} seconds before querying DNS seeds.")]
    public static partial void WaitingForPeers(ILogger log, long seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for network to be reactivated before querying DNS seeds.")]
    public static partial void WaitingForNetwork(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Fixed seeds are disabled")]
    public static partial void FixedSeedsOff(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Adding fixed seeds as 60 seconds have passed and addrman is empty for at least one reachable network")]
    public static partial void FixedSeedsAfterWaiting(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Adding fixed seeds as -dnsseed=0 (or IPv4/IPv6 connections are disabled via -onlynet) and neither -addnode nor -seednode are provided")]
    public static partial void FixedSeedsAtOnce(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Added hardcoded seed: {Endpoint}")]
    public static partial void FixedSeed(ILogger log, NetEndpoint endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Added {Count} fixed seeds from reachable networks.")]
    public static partial void FixedSeedsAdded(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "setting try another outbound peer={Value}")]
    public static partial void TryAnother(ILogger log, string value);

    [LoggerMessage(Level = LogLevel.Debug, Message = "enabling extra block-relay-only peers")]
    public static partial void ExtraBlockRelay(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Trying to make an anchor connection to {Endpoint}")]
    public static partial void TryingAnchor(ILogger log, NetEndpoint endpoint);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Making feeler connection{To}")]
    public static partial void MakingFeeler(ILogger log, string to);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Making network specific connection to {Endpoint} on {Network}.")]
    public static partial void MakingNetworkSpecific(ILogger log, NetEndpoint endpoint, string network);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Not making automatic {Specific}{Type} connection to {Network} peer selected for manual (addnode) connection{Endpoint}")]
    public static partial void KeptForManual(ILogger log, string specific, string type, string network, string endpoint);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Using proxy: {Proxy} to connect to {Address}:{Port}")]
    public static partial void UsingProxy(ILogger log, ProxyAddress proxy, NetAddress address, ushort port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Cannot get sockaddr for {Endpoint}: unsupported network")]
    public static partial void UnsupportedNetwork(ILogger log, NetEndpoint endpoint);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Potential stale tip detected, will try using extra outbound peer (last tip update: {Seconds} seconds ago)")]
    public static partial void StaleTip(ILogger log, long seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "disconnecting extra block-relay-only peer={Peer} (last block received at time {Time})")]
    public static partial void ExtraBlockRelayGoes(ILogger log, long peer, long time);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "keeping block-relay-only peer={Peer} chosen for eviction (connect time: {Time}, blocks_in_flight: {Blocks})")]
    public static partial void ExtraBlockRelayStays(ILogger log, long peer, long time, int blocks);

    [LoggerMessage(Level = LogLevel.Debug, Message = "disconnecting extra outbound peer={Peer} (last block announcement received at time {Time})")]
    public static partial void ExtraFullRelayGoes(ILogger log, long peer, long time);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "keeping outbound peer={Peer} chosen for eviction (connect time: {Time}, blocks_in_flight: {Blocks})")]
    public static partial void ExtraFullRelayStays(ILogger log, long peer, long time, int blocks);
}
