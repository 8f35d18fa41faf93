using System.Runtime.InteropServices;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Gossip;

/// <summary>
/// Addresses of nodes go round: peers tell what they know, each address goes on to one or two others, and once a day we
/// tell our own. A peer's flood is held to one address in ten seconds.
/// </summary>
internal sealed class AddressRelay : MessageFamily
{
    private const double TokensPerSecond = 0.1;
    private const double MostTokens = 1000;
    private const int MostRelayed = 10; // more than that at once is an answer, no news
    private const long Fresh = 10 * 60;
    private const long UnknownAge = 5 * 24 * 60 * 60;
    private const long PenaltySeconds = 2 * 60 * 60;
    private const long FetchTimeout = 5 * 60;
    private const long RotationSeconds = 24 * 60 * 60;
    private const int SmallestEntry = 4 + 1 + 1 + 1 + 2;
    private static readonly TimeSpan SendInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LocalInterval = TimeSpan.FromHours(24);

    private readonly Dictionary<Peer, AddressState> _states = [];
    private readonly AddressManager _addresses;
    private readonly AddressCache _cache;
    private readonly LocalAnnouncement _local;
    private readonly ReachableNetworks _reachable;
    private readonly IPeerRules _rules;
    private readonly Misbehavior _misbehavior;
    private readonly Chainstate _chainstate;
    private readonly Clock _clock;
    private readonly Random _random;
    private readonly ILogger _log;
    private readonly ILogger _connections;
    private readonly (ulong First, ulong Second) _secret;

    /// <summary>Takes part with what is known.</summary>
    public AddressRelay(
        AddressManager addresses,
        AddressCache cache,
        LocalAnnouncement local,
        ReachableNetworks reachable,
        IPeerRules rules,
        Misbehavior misbehavior,
        Handshake handshake,
        Chainstate chainstate,
        Clock clock,
        Random random,
        ILoggerFactory logs)
    {
        _addresses = addresses;
        _cache = cache;
        _local = local;
        _reachable = reachable;
        _rules = rules;
        _misbehavior = misbehavior;
        _chainstate = chainstate;
        _clock = clock;
        _random = random;
        _log = logs.CreateLogger(LogCategory.Net);
        _connections = logs.CreateLogger(LogCategory.NetConn);
        Span<ulong> secret = stackalloc ulong[2];
        random.NextBytes(MemoryMarshal.AsBytes(secret));
        _secret = (secret[0], secret[1]);
        handshake.Introduced += (peer, _) => Introduce(peer);
        handshake.Offered += (peer, services) => _addresses.SetServices(peer.Address, (ulong)services);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.Addr, MessageTypes.AddrV2, MessageTypes.GetAddr];

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override void Arrived(Peer peer) => _states[peer] = new AddressState { TokensAt = NowMs };

    /// <inheritdoc/>
    public override void Left(Peer peer)
    {
        _states.Remove(peer);

        // Nothing is said of those that only give blocks.
        if (peer is { IsHandshakeDone: true, MisbehaviorScore: 0, IsBlockOnly: false, IsInbound: false })
        {
            _addresses.Connected(peer.Address);
        }
    }

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (message.Type == MessageTypes.GetAddr)
        {
            Answer(peer);
        }
        else
        {
            Take(peer, message);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        if (peer.Type == ConnectionType.AddrFetch && _clock.UnixSeconds - peer.ConnectedAt > FetchTimeout)
        {
            Log.AddrFetchTimeout(_connections, peer.Id);
            peer.Disconnect();
        }
        else if (peer.RelaysAddresses && _states.TryGetValue(peer, out var state))
        {
            Send(peer, state);
        }

        return ValueTask.CompletedTask;
    }

    private static bool CanTake(Peer peer, NetAddress address) => address.IsValid && (peer.WantsAddrV2 || address.IsLegacy);

    // Peers that only give blocks are told nothing, so that nobody sees them as ours.
    private static bool StartRelay(Peer peer)
    {
        if (peer.IsBlockOnly)
        {
            return false;
        }

        peer.RelaysAddresses = true;
        return true;
    }

    private static PeerAddress[] Read(ReceivedMessage message)
    {
        var isV2 = message.Type == MessageTypes.AddrV2;
        var reader = message.Reader();
        var addresses = new PeerAddress[reader.ReadCount(SmallestEntry)];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = AddressCodec.Read(ref reader, isV2);
        }

        return addresses;
    }

    private void Introduce(Peer peer)
    {
        if (peer.IsInbound)
        {
            _local.NoteSeen(peer);
            return;
        }

        if (StartRelay(peer) && _states.TryGetValue(peer, out var state))
        {
            peer.Send(MessageTypes.GetAddr);
            state.HasAsked = true;
            state.Tokens += AddressCache.MostAddresses;
        }

        _addresses.Good(peer.Address);
    }

    private void Take(Peer peer, ReceivedMessage message)
    {
        var told = Read(message);
        if (!StartRelay(peer))
        {
            var type = ConnectionTypeNames.Of(peer.Type);
            Log.AddressesIgnored(_log, message.Type, type, peer.Id);
            return;
        }

        if (told.Length > AddressCache.MostAddresses)
        {
            _misbehavior.Report(peer, 20, $"{message.Type} message size = {told.Length}");
            return;
        }

        var state = _states[peer];
        CountTokens(state);
        _random.Shuffle(told);
        var now = _clock.UnixSeconds;
        List<PeerAddress> taken = [];
        long processed = 0, dropped = 0;
        foreach (var entry in told)
        {
            if (state.Tokens >= 1)
            {
                state.Tokens--;
            }
            else if (!peer.May(PeerPermissions.Addr))
            {
                dropped++;
                continue;
            }

            const ulong FullNode = (ulong)(ServiceFlags.Network | ServiceFlags.NetworkLimited);
            if ((entry.Services & FullNode) == 0)
            {
                continue;
            }

            var address = entry.Time <= PeerAddress.UnknownTime || entry.Time > now + Fresh
                ? entry with { Time = (uint)(now - UnknownAge) }
                : entry;
            state.Known.Add(HashOf(address.Endpoint));
            if (_rules.IsDiscouraged(address.Endpoint.Address) || _rules.IsBanned(address.Endpoint.Address))
            {
                continue;
            }

            processed++;
            var isReachable = _reachable.Contains(address.Endpoint.Address);
            if (address.Time > now - Fresh && !state.HasAsked && told.Length <= MostRelayed && address.Endpoint.Address.IsRoutable)
            {
                Relay(peer, address, isReachable);
            }

            if (isReachable)
            {
                taken.Add(address);
            }
        }

        peer.AddressesProcessed += processed;
        peer.AddressesDropped += dropped;
        Log.AddressesReceived(_log, told.Length, processed, dropped, peer.Id);
        _addresses.Add(taken, peer.Address.Address, PenaltySeconds);
        state.HasAsked &= told.Length >= AddressCache.MostAddresses;

        // A single one is the peer's own, and no answer yet.
        if (peer.Type == ConnectionType.AddrFetch && told.Length > 1)
        {
            Log.AddrFetchDone(_connections, peer.Id);
            peer.Disconnect();
        }
    }

    private void CountTokens(AddressState state)
    {
        var now = NowMs;
        if (state.Tokens < MostTokens)
        {
            var gained = Math.Max(0, now - state.TokensAt) / 1000.0 * TokensPerSecond;
            state.Tokens = Math.Min(state.Tokens + gained, MostTokens);
        }

        state.TokensAt = now;
    }

    // Notes it, if it is not.
    private static bool IsKnownTo(AddressState state, ulong hash) => state.Known.Contains(hash) || !state.Known.Add(hash);

    // The same one or two peers get an address for a day, so that repeating it does not spread it further.
    private void Relay(Peer from, in PeerAddress address, bool isReachable)
    {
        var endpoint = address.Endpoint;
        var hash = HashOf(endpoint);
        var period = ((ulong)_clock.UnixSeconds + (hash % RotationSeconds)) / RotationSeconds;
        var count = isReachable || (HashOf(hash, period, 0) & 1) != 0 ? 2 : 1;
        var chosen = _states.Keys
            .Where(peer => peer.RelaysAddresses && peer != from && !peer.IsDisconnected && CanTake(peer, endpoint.Address))
            .OrderByDescending(peer => HashOf(hash, period, (ulong)peer.Id + 1))
            .Take(count);
        foreach (var peer in chosen)
        {
            Push(peer, _states[peer], address);
        }
    }

    private void Answer(Peer peer)
    {
        // Who connected to us can't plant addresses in us and ask for them elsewhere.
        if (!peer.IsInbound)
        {
            var type = ConnectionTypeNames.Of(peer.Type);
            Log.GetAddrIgnored(_log, type, peer.Id);
            return;
        }

        StartRelay(peer);
        var state = _states[peer];
        if (state.WasAsked)
        {
            Log.GetAddrRepeated(_log, peer.Id);
            return;
        }

        state.WasAsked = true;
        state.ToSend.Clear();
        var answer = peer.May(PeerPermissions.Addr)
            ? _cache.Draw(AddressCache.MostAddresses, AddressCache.MostPercent)
            : _cache.AnswerTo(peer);
        foreach (var address in answer)
        {
            Push(peer, state, address);
        }
    }

    private void Push(Peer peer, AddressState state, in PeerAddress address)
    {
        if (!CanTake(peer, address.Endpoint.Address) || state.Known.Contains(HashOf(address.Endpoint)))
        {
            return;
        }

        if (state.ToSend.Count >= AddressCache.MostAddresses)
        {
            state.ToSend[_random.Next(state.ToSend.Count)] = address;
        }
        else
        {
            state.ToSend.Add(address);
        }
    }

    private void Send(Peer peer, AddressState state)
    {
        var now = NowMs;
        if (_local.IsOn && state.NextLocal < now && !_chainstate.IsInitialBlockDownload)
        {
            if (state.NextLocal != 0)
            {
                state.Known.Clear();
            }

            if (_local.For(peer) is { } local)
            {
                Push(peer, state, local);
            }

            state.NextLocal = now + Delay(LocalInterval);
        }

        if (now <= state.NextSend)
        {
            return;
        }

        state.NextSend = now + Delay(SendInterval);
        state.ToSend.RemoveAll(address => IsKnownTo(state, HashOf(address.Endpoint)));
        if (state.ToSend.Count == 0)
        {
            return;
        }

        ByteWriter writer = new(64 * state.ToSend.Count);
        writer.WriteCompactSize(state.ToSend.Count);
        foreach (var address in state.ToSend)
        {
            AddressCodec.Write(writer, address, peer.WantsAddrV2);
        }

        peer.Send(peer.WantsAddrV2 ? MessageTypes.AddrV2 : MessageTypes.Addr, writer.WrittenMemory);
        state.ToSend.Clear();
        state.ToSend.TrimExcess();
    }

    // A random time whose mean is the interval, as of things that happen independently.
    private long Delay(TimeSpan interval) => (long)(-Math.Log(1 - _random.NextDouble()) * interval.TotalMilliseconds);

    private ulong HashOf(NetEndpoint endpoint) => SipHash.Hash(_secret.First, _secret.Second, endpoint.ToKey());

    private ulong HashOf(ulong address, ulong period, ulong peer)
    {
        ReadOnlySpan<ulong> words = [address, period, peer];
        return SipHash.Hash(_secret.First, _secret.Second, MemoryMarshal.AsBytes(words));
    }
}
