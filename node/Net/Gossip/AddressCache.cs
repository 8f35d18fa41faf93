using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;

namespace Dash.Node.Net.Gossip;

/// <summary>
/// What peers get who ask for addresses: all that ask at one of our ends get the same for about a day, so that nobody can
/// read out all we know, nor tell who our peers are.
/// </summary>
internal sealed class AddressCache(AddressManager addresses, IPeerRules rules, Clock clock, Random random)
{
    /// <summary>At most so many addresses are told at once.</summary>
    public const int MostAddresses = 1000;

    /// <summary>At most that part of all.</summary>
    public const int MostPercent = 23;

    private const long ShortestLife = 21 * 60 * 60;
    private const int LifeSpread = 6 * 60 * 60;

    private readonly Dictionary<(NetworkKind Network, NetEndpoint Local), (List<PeerAddress> Answer, long Until)> _answers = [];

    /// <summary>Fresh random addresses, without those we don't want.</summary>
    public List<PeerAddress> Draw(int most, int percent, NetworkKind? network = null)
    {
        var drawn = addresses.GetAddresses(most, percent, network);
        drawn.RemoveAll(peer => rules.IsDiscouraged(peer.Endpoint.Address) || rules.IsBanned(peer.Endpoint.Address));
        return drawn;
    }

    /// <summary>The answer to a peer. Message loop only.</summary>
    public IReadOnlyList<PeerAddress> AnswerTo(Peer peer)
    {
        var key = (peer.Network, peer.Bind ?? NetEndpoint.None);
        var now = clock.UnixSeconds;
        if (!_answers.TryGetValue(key, out var cached) || cached.Until < now)
        {
            cached = (Draw(MostAddresses, MostPercent), now + ShortestLife + random.Next(LifeSpread));
            _answers[key] = cached;
        }

        return cached.Answer;
    }
}
