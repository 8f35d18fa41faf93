using System.Collections.Immutable;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Wire;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Peers;

/// <summary>
/// A connected node and what is known of it. Facts of the connection never change; the rest is written by the message
/// loop only and may be read, a moment old, by anybody.
/// </summary>
internal sealed class Peer
{
    /// <summary>Its number; numbers only grow.</summary>
    public required long Id { get; init; }

    /// <summary>Why there is a connection.</summary>
    public required ConnectionType Type { get; init; }

    /// <summary>The connection.</summary>
    public required PeerConnection Connection { get; init; }

    /// <summary>Where it is.</summary>
    public required NetEndpoint Address { get; init; }

    /// <summary>Its address as text, or the name by which the user called it.</summary>
    public required string Name { get; init; }

    /// <summary>Our end of the connection.</summary>
    public NetEndpoint? Bind { get; init; }

    /// <summary>What it may do that others may not.</summary>
    public PeerPermissions Permissions { get; init; }

    /// <summary>Whether it came through our onion service.</summary>
    public bool IsInboundOnion { get; init; }

    /// <summary>Whether it is the first to go when connections run short.</summary>
    public bool PrefersEviction { get; init; }

    /// <summary>What we told it that we offer.</summary>
    public required ServiceFlags OurServices { get; init; }

    /// <summary>By which we would recognise ourselves.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>When the connection was made, Unix seconds.</summary>
    public required long ConnectedAt { get; init; }

    /// <summary>Its version; 0 before its version message.</summary>
    public int Version { get; set; }

    /// <summary>The newer protocol both speak.</summary>
    public int CommonVersion { get; set; } = 209;

    /// <summary>What it offers.</summary>
    public ServiceFlags Services { get; set; }

    /// <summary>Whether it offered what we would look for when it introduced itself.</summary>
    public bool HasWantedServices { get; set; }

    /// <summary>Name and version of its program.</summary>
    public string Subversion { get; set; } = "";

    /// <summary>Height it named at the start.</summary>
    public int StartingHeight { get; set; } = -1;

    /// <summary>Where it sees us; null before it said so.</summary>
    public NetEndpoint? LocalAddress { get; set; }

    /// <summary>Seconds its clock is ahead.</summary>
    public long TimeOffset { get; set; }

    /// <summary>Whether its verack came.</summary>
    public bool IsHandshakeDone { get; set; }

    /// <summary>What a masternode would have to sign for it.</summary>
    public Uint256 ReceivedChallenge { get; set; }

    /// <summary>What it would have to sign to be taken for a masternode.</summary>
    public Uint256 SentChallenge { get; set; }

    /// <summary>Whether it says that it is a masternode which connected to one.</summary>
    public bool IsMasternodeConnection { get; set; }

    /// <summary>Whether it takes addresses of all networks.</summary>
    public bool WantsAddrV2 { get; set; }

    /// <summary>Whether addresses are exchanged with it.</summary>
    public bool RelaysAddresses { get; set; }

    /// <summary>Addresses of it that were taken.</summary>
    public long AddressesProcessed { get; set; }

    /// <summary>Addresses of it that came too fast.</summary>
    public long AddressesDropped { get; set; }

    /// <summary>When it last sent a transaction that was accepted, Unix seconds.</summary>
    public long LastTransaction { get; set; }

    /// <summary>When it last sent a new block, Unix seconds.</summary>
    public long LastBlock { get; set; }

    /// <summary>Whether transactions are announced to it.</summary>
    public bool RelaysTransactions { get; set; }

    /// <summary>Whether it set a bloom filter.</summary>
    public bool HasBloomFilter { get; set; }

    /// <summary>Whether we asked it to announce blocks as compact blocks.</summary>
    public bool AnnouncesCompact { get; set; }

    /// <summary>Whether it asked us to.</summary>
    public bool WantsCompactAnnouncements { get; set; }

    /// <summary>Height of the last header both have; -1 for not known.</summary>
    public int SyncedHeaders { get; set; } = -1;

    /// <summary>Height of the last block both have; -1 for not known.</summary>
    public int SyncedBlocks { get; set; } = -1;

    /// <summary>Heights of the blocks it is asked for.</summary>
    public ImmutableArray<int> HeightsInFlight { get; set; } = [];

    /// <summary>What it is blamed for.</summary>
    public int MisbehaviorScore { get; set; }

    /// <summary>Whether it is to be punished at the next occasion.</summary>
    public bool IsToBeDiscouraged { get; set; }

    /// <summary>Its blocks. Message loop only.</summary>
    public BlockSyncState Sync { get; } = new();

    /// <summary>Everything else that is announced. Message loop only.</summary>
    public RelayState Relay { get; } = new();

    /// <summary>Pings.</summary>
    public PeerPings Pings { get; } = new();

    /// <summary>Whether it connected to us.</summary>
    public bool IsInbound => Type == ConnectionType.Inbound;

    /// <summary>Whether transactions play no part with it.</summary>
    public bool IsBlockOnly => Type == ConnectionType.BlockRelay;

    /// <summary>Whether it is gone or about to be.</summary>
    public bool IsDisconnected => Connection.IsDisconnected;

    /// <summary>Whether things are relayed to it at all.</summary>
    public bool CanRelay => !IsMasternodeConnection;

    /// <summary>Whether headers go compressed between us.</summary>
    public bool UsesCompressedHeaders => Services.HasFlag(ServiceFlags.HeadersCompressed);

    /// <summary>The name of the message by which it is asked for headers.</summary>
    public string GetHeadersType => UsesCompressedHeaders ? MessageTypes.GetHeaders2 : MessageTypes.GetHeaders;

    /// <summary>Whether it has all blocks.</summary>
    public bool HasAllBlocks => Services.HasFlag(ServiceFlags.Network);

    /// <summary>Whether it has blocks at all, at least the newest.</summary>
    public bool HasBlocks => (Services & (ServiceFlags.Network | ServiceFlags.NetworkLimited)) != 0;

    /// <summary>Whether we looked for it as a node that serves others.</summary>
    public bool ExpectsServices => Type is ConnectionType.OutboundFullRelay or ConnectionType.BlockRelay or ConnectionType.AddrFetch;

    /// <summary>The network through which it is connected.</summary>
    public NetworkKind Network => IsInboundOnion ? NetworkKind.Onion : Address.Address.Class;

    /// <summary>Whether it has a permission, or all of several.</summary>
    public bool May(PeerPermissions permissions) => (Permissions & permissions) == permissions;

    /// <summary>Sends a message without contents.</summary>
    public void Send(string type) => Connection.Send(type, ReadOnlyMemory<byte>.Empty);

    /// <summary>Sends a message; the payload must not change afterwards.</summary>
    public void Send(string type, ReadOnlyMemory<byte> payload) => Connection.Send(type, payload);

    /// <summary>Ends the connection.</summary>
    public void Disconnect() => Connection.Disconnect();

    /// <summary>Its number.</summary>
    public override string ToString() => $"peer={Id}";
}
