using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Handling;

/// <summary>
/// Introduces the node to its peers and hears who they are: <c>version</c>, what each side wants, <c>verack</c>. Other
/// families hear of it by <see cref="Introduced"/>.
/// </summary>
internal sealed class Handshake(
    NetSettings settings,
    Chainstate chainstate,
    PeerSet peers,
    Reconciliation reconciliation,
    Misbehavior misbehavior,
    PeerClock peerClock,
    Clock clock,
    ILoggerFactory logs) : MessageFamily
{
    private static readonly byte[] True = [1];

    // BIP152: announcements shall not be compact blocks, and its version 1 is spoken.
    private static readonly byte[] CompactVersion1 = [0, 1, 0, 0, 0, 0, 0, 0, 0];

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _connections = logs.CreateLogger(LogCategory.NetConn);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <summary>A version message came and is in the peer; nothing of it was answered yet but our own version.</summary>
    public event Action<Peer, VersionMessage>? Introduced;

    /// <summary>A peer we called told what it offers; it may be refused for that.</summary>
    public event Action<Peer, ServiceFlags>? Offered;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } =
        [MessageTypes.Version, MessageTypes.Verack, MessageTypes.SendAddrV2];

    /// <inheritdoc/>
    public override void Arrived(Peer peer)
    {
        if (!peer.IsInbound)
        {
            SendVersion(peer);
        }
    }

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        switch (message.Type)
        {
            case MessageTypes.Version:
                TakeVersion(peer, message);
                break;
            case MessageTypes.Verack:
                TakeVerack(peer);
                break;
            default:
                TakeSendAddrV2(peer);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void TakeVersion(Peer peer, ReceivedMessage received)
    {
        if (peer.Version != 0)
        {
            Log.RedundantVersion(_log, peer.Id);
            return;
        }

        // The first fields are enough to refuse somebody, even if the rest can't be read.
        var reader = received.Reader();
        var (version, services) = (reader.ReadInt32(), (ServiceFlags)reader.ReadUInt64());
        if (!peer.IsInbound)
        {
            Offered?.Invoke(peer, services);
        }

        if (Refuses(peer, version, services))
        {
            peer.Disconnect();
            return;
        }

        var message = VersionMessage.Parse(received.Payload.Span);
        peer.ReceivedChallenge = message.MasternodeChallenge;
        if (IsWrongPeer(peer, message))
        {
            peer.Disconnect();
            return;
        }

        if (peer.IsInbound)
        {
            SendVersion(peer);
        }

        if (settings.Network.Name == "devnet" && !message.Subversion.Contains("devnet." + settings.Network.DevnetName, StringComparison.Ordinal))
        {
            Log.WrongDevnet(_general, message.Subversion, settings.Network.DevnetName);
            misbehavior.Report(peer, peer.IsInbound ? 1 : 100);
            peer.Disconnect();
            return;
        }

        Accept(peer, message);
    }

    // What is checked before the message is read to its end.
    private bool Refuses(Peer peer, int version, ServiceFlags services)
    {
        if (peer.ExpectsServices && !services.AreDesirable(chainstate.IsInitialBlockDownload))
        {
            Log.MissingServices(_log, peer.Id, (ulong)services, (ulong)ServiceFlags.Network);
            return true;
        }

        if (version < NetLimits.MinPeerVersion)
        {
            Log.ObsoleteVersion(_log, peer.Id, version);
            return true;
        }

        return false;
    }

    private bool IsWrongPeer(Peer peer, VersionMessage message)
    {
        if (!peer.IsInbound)
        {
            return false;
        }

        peer.IsMasternodeConnection = message.IsMasternodeConnection;
        if (message.IsMasternodeConnection)
        {
            Log.MasternodePeer(_connections, peer.Id);
            Log.NotAMasternode(_connections);
            return true;
        }

        if (peers.All.Any(other => !other.IsInbound && !other.IsHandshakeDone && other.Nonce == message.Nonce))
        {
            Log.ConnectedToSelf(_general, peer.Address);
            return true;
        }

        return false;
    }

    private void Accept(Peer peer, VersionMessage message)
    {
        peer.CommonVersion = Math.Min(message.Version, settings.ProtocolVersion);
        peer.Services = message.Services;
        peer.HasWantedServices = message.Services.AreDesirable(chainstate.IsInitialBlockDownload);
        peer.LocalAddress = message.Receiver;
        peer.Subversion = message.Subversion;
        peer.StartingHeight = message.StartingHeight;
        peer.TimeOffset = message.Time - clock.UnixSeconds;
        peer.Version = message.Version;
        if (peer.CommonVersion >= NetLimits.AddrV2Version)
        {
            peer.Send(MessageTypes.SendAddrV2);
        }

        reconciliation.Offer(peer, message);
        peer.Send(MessageTypes.Verack);
        Introduced?.Invoke(peer, message);
        if (!peer.IsInbound)
        {
            peerClock.Add(peer.Address.Address, peer.TimeOffset);
        }

        var relay = message.RelaysTransactions ? 1 : 0;
        var address = AddressOf(peer);
        Log.ReceivedVersion(
            _log, message.Subversion, message.Version, message.StartingHeight, message.Receiver, relay, peer.Id, address);
        if (peer.Type == ConnectionType.Feeler)
        {
            Log.FeelerDone(_connections, peer.Id);
            peer.Disconnect();
        }
    }

    private void TakeVerack(Peer peer)
    {
        if (peer.IsHandshakeDone)
        {
            Log.RedundantVerack(_log, peer.Id);
            return;
        }

        if (!peer.IsInbound || _log.IsEnabled(LogLevel.Debug))
        {
            var transport = peer.Connection.Transport.Protocol == TransportProtocol.V2 ? "v2" : "v1";
            var (type, address) = (ConnectionTypeNames.Of(peer.Type), AddressOf(peer));
            Log.PeerConnected(_general, type, transport, peer.Version, peer.StartingHeight, peer.Id, address);
        }

        peer.Send(peer.UsesCompressedHeaders ? MessageTypes.SendHeaders2 : MessageTypes.SendHeaders);
        if (peer.CanRelay)
        {
            peer.Send(MessageTypes.SendCompact, CompactVersion1);
        }

        if (!settings.RefusesTransactions(peer))
        {
            peer.Send(MessageTypes.SendMixingQueue, True);
        }

        reconciliation.Settle(peer);
        peer.IsHandshakeDone = true;
    }

    private void TakeSendAddrV2(Peer peer)
    {
        if (peer.CommonVersion < NetLimits.AddrV2Version)
        {
            return;
        }

        if (peer.IsHandshakeDone)
        {
            Log.LateSendAddrV2(_connections, peer.Id);
            peer.Disconnect();
            return;
        }

        peer.WantsAddrV2 = true;
    }

    private void SendVersion(Peer peer)
    {
        Span<byte> challenge = stackalloc byte[Uint256.Size];
        RandomNumberGenerator.Fill(challenge);
        peer.SentChallenge = new Uint256(challenge);
        var them = peer.Address.Address is { IsRoutable: true, IsLegacy: true } ? peer.Address : NetEndpoint.None;
        var message = new VersionMessage
        {
            Version = settings.ProtocolVersion,
            Services = peer.OurServices,
            Time = clock.UnixSeconds,
            Receiver = them,
            Nonce = peer.Nonce,
            Subversion = settings.Subversion,
            StartingHeight = chainstate.View.Height,
            RelaysTransactions = !settings.RefusesTransactions(peer),
            MasternodeChallenge = peer.SentChallenge,
        };
        peer.Send(MessageTypes.Version, message.ToBytes());
        var themText = settings.LogsAddresses ? $"them={them}, " : "";
        Log.SendingVersion(_log, message.Version, message.StartingHeight, themText, message.RelaysTransactions ? 1 : 0, peer.Id);
    }

    private string AddressOf(Peer peer) => settings.LogsAddresses ? $", peeraddr={peer.Address}" : "";
}
