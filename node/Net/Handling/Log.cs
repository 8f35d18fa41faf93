using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Handling;

/// <summary>What the handling of messages logs; the words are dashd's.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} thread start")]
    public static partial void ThreadStarted(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "received: {Type} ({Bytes} bytes) peer={Peer}")]
    public static partial void Received(ILogger log, string type, int bytes, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "non-version message before version handshake. Message \"{Type}\" from peer={Peer}")]
    public static partial void NoVersionYet(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Unsupported message \"{Type}\" prior to verack from peer={Peer}")]
    public static partial void NoVerackYet(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Type} sent in violation of protocol peer={Peer}")]
    public static partial void ProtocolViolation(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Unknown command \"{Type}\" from peer={Peer}")]
    public static partial void Unknown(ILogger log, string type, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ProcessMessages({Type}, {Bytes} bytes): Exception '{Reason}' caught")]
    public static partial void MessageFailed(ILogger log, string type, int bytes, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Misbehaving: peer={Peer} ({Before} -> {After}){Warning}{Message}")]
    public static partial void Misbehaving(ILogger log, long peer, int before, int after, string warning, string message);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer={Peer}: {Message}")]
    public static partial void PeerNote(ILogger log, long peer, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Prefix}: not punishing {Kind} peer {Peer}!")]
    public static partial void NotPunished(ILogger log, string prefix, string kind, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Prefix}: disconnecting but not discouraging {Kind} peer {Peer}!")]
    public static partial void NotDiscouraged(ILogger log, string prefix, string kind, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Disconnecting and discouraging peer {Peer}!")]
    public static partial void Discouraged(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ping timeout: {Seconds:F6}s peer={Peer}")]
    public static partial void PingTimeout(ILogger log, double seconds, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "pong peer={Peer}: {Problem}, {Expected:x} expected, {Received:x} received, {Bytes} bytes")]
    public static partial void PongProblem(ILogger log, long peer, string problem, ulong expected, ulong received, int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "redundant version message from peer={Peer}")]
    public static partial void RedundantVersion(ILogger log, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "peer={Peer} does not offer the expected services ({Offered:x8} offered, {Expected:x8} expected); disconnecting")]
    public static partial void MissingServices(ILogger log, long peer, ulong offered, ulong expected);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer={Peer} using obsolete version {Version}; disconnecting")]
    public static partial void ObsoleteVersion(ILogger log, long peer, int version);

    [LoggerMessage(Level = LogLevel.Debug, Message = "peer={Peer} is an inbound masternode connection, not relaying anything to it")]
    public static partial void MasternodePeer(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "but we're not a masternode, disconnecting")]
    public static partial void NotAMasternode(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "connected to self at {Address}, disconnecting")]
    public static partial void ConnectedToSelf(ILogger log, NetEndpoint address);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "connected to wrong devnet. Reported version is {Subversion}, expected devnet name is {Name}")]
    public static partial void WrongDevnet(ILogger log, string subversion, string name);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "send version message: version {Version}, blocks={Height}, {Them}txrelay={Relay}, peer={Peer}")]
    public static partial void SendingVersion(ILogger log, int version, int height, string them, int relay, long peer);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "receive version message: {Subversion}: version {Version}, blocks={Height}, us={Us}, txrelay={Relay}, peer={Peer}{Address}")]
    public static partial void ReceivedVersion(
        ILogger log, string subversion, int version, int height, NetEndpoint us, int relay, long peer, string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "feeler connection completed peer={Peer}; disconnecting")]
    public static partial void FeelerDone(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ignoring redundant verack message from peer={Peer}")]
    public static partial void RedundantVerack(ILogger log, long peer);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "New {Type} {Transport} peer connected: version: {Version}, blocks={Height}, peer={Peer}{Address}")]
    public static partial void PeerConnected(ILogger log, string type, string transport, int version, int height, long peer, string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "sendaddrv2 received after verack from peer={Peer}; disconnecting")]
    public static partial void LateSendAddrV2(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "sendtxrcncl from peer={Peer} ignored, as our node does not have txreconciliation enabled")]
    public static partial void ReconciliationIgnored(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "sendtxrcncl received after verack from peer={Peer}; disconnecting")]
    public static partial void LateReconciliation(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "sendtxrcncl received from peer={Peer} to which we indicated no tx relay; disconnecting")]
    public static partial void ReconciliationWithoutOurRelay(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "sendtxrcncl received from peer={Peer} which indicated no tx relay to us; disconnecting")]
    public static partial void ReconciliationWithoutTheirRelay(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Ignore unexpected txreconciliation signal from peer={Peer}")]
    public static partial void ReconciliationUnexpected(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "txreconciliation protocol violation from peer={Peer}{Detail}; disconnecting")]
    public static partial void ReconciliationViolation(ILogger log, long peer, string detail);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Pre-register peer={Peer}")]
    public static partial void ReconciliationOffered(ILogger log, long peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Register peer={Peer} (inbound={Inbound})")]
    public static partial void ReconciliationAgreed(ILogger log, long peer, int inbound);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Forget txreconciliation state of peer={Peer}")]
    public static partial void ReconciliationForgotten(ILogger log, long peer);
}
