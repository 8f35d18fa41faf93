using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Networks;

namespace Dash.Node.Net.Handling;

/// <summary>What the node is among peers. Immutable.</summary>
internal sealed record NetSettings
{
    /// <summary>The network.</summary>
    public required ChainParams Network { get; init; }

    /// <summary>Name and version of the program, as peers are told.</summary>
    public required string Subversion { get; init; }

    /// <summary>What is offered to peers.</summary>
    public required ServiceFlags Services { get; init; }

    /// <summary>The protocol version peers are told.</summary>
    public int ProtocolVersion { get; init; } = NetLimits.ProtocolVersion;

    /// <summary>Whether transactions of peers are not wanted.</summary>
    public bool IsBlocksOnly { get; init; }

    /// <summary>Whether peers are told that sets of transactions may be reconciled.</summary>
    public bool OffersReconciliation { get; init; }

    /// <summary>Seconds after a connection before silence counts.</summary>
    public long PeerTimeout { get; init; } = 60;

    /// <summary>Whether addresses of peers are logged.</summary>
    public bool LogsAddresses { get; init; }

    /// <summary>A peer's address as lines of the log have it behind its number; nothing where addresses are not logged.</summary>
    public string AddressNote(Peer peer) => LogsAddresses ? $" peeraddr={peer.Address}" : "";

    /// <summary>Whether transactions of this peer are not wanted.</summary>
    public bool RefusesTransactions(Peer peer) =>
        peer.Type is ConnectionType.BlockRelay or ConnectionType.Feeler || (IsBlocksOnly && !peer.May(PeerPermissions.Relay));

    /// <summary>Whether silence of this peer counts already.</summary>
    public bool ChecksInactivity(Peer peer, long now) => peer.ConnectedAt + PeerTimeout < now;
}
