using Dash.Common.Logging;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Eviction;

/// <summary>Parts from one of those that connected, when another wants in. Any thread.</summary>
internal sealed class PeerEviction
{
    private readonly PeerSet _peers;
    private readonly NetGroups _groups;
    private readonly ILogger _log;
    private readonly ulong _first;
    private readonly ulong _second;

    /// <summary>With a secret of its own, so that nobody can tell which groups are favoured.</summary>
    public PeerEviction(PeerSet peers, NetGroups groups, Random random, ILoggerFactory logs)
    {
        _peers = peers;
        _groups = groups;
        _log = logs.CreateLogger(LogCategory.NetConn);
        Span<ulong> secret = stackalloc ulong[2];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(secret));
        (_first, _second) = (secret[0], secret[1]);
    }

    /// <summary>Makes room, if anybody may go.</summary>
    public bool Evict()
    {
        var candidates = _peers.All.Where(peer => peer.IsInbound && !peer.IsDisconnected).Select(Describe);
        if (EvictionChoice.Choose(candidates) is not { } id || _peers.Find(id) is not { } peer)
        {
            return false;
        }

        Log.Evicting(_log, peer.Id);
        peer.Disconnect();
        return true;
    }

    private EvictionCandidate Describe(Peer peer) => new()
    {
        Id = peer.Id,
        ConnectedAt = peer.ConnectedAt,
        MinimumPingUs = peer.Pings.MinimumUs ?? long.MaxValue,
        LastBlock = peer.LastBlock,
        LastTransaction = peer.LastTransaction,
        HasServices = peer.HasWantedServices,
        RelaysTransactions = peer.RelaysTransactions,
        HasBloomFilter = peer.HasBloomFilter,
        KeyedGroup = SipHash.Hash(_first, _second, _groups.Of(peer.Address.Address)),
        PrefersEviction = peer.PrefersEviction,
        IsLocal = peer.Address.Address.IsLocal,
        Network = peer.Network,
        IsProtected = peer.May(PeerPermissions.NoBan),
    };
}
