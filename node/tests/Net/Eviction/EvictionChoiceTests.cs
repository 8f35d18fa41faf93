using Dash.Node.Net.Addresses;
using Dash.Node.Net.Eviction;

namespace Dash.Node.Tests.Net.Eviction;

public class EvictionChoiceTests
{
    [Fact]
    public void Few_peers_all_stay() => Assert.Null(EvictionChoice.Choose(Crowd(20)));

    [Fact]
    public void The_youngest_of_the_largest_group_goes()
    {
        var crowd = Crowd(60).Select(peer => peer with { KeyedGroup = peer.Id % 2 == 0 && peer.Id > 30 ? 1UL : (ulong)peer.Id + 10 });
        Assert.Equal(58, EvictionChoice.Choose(crowd));
    }

    [Fact]
    public void Who_is_protected_or_useful_stays()
    {
        var crowd = Crowd(100).ToList();
        for (var i = 0; i < crowd.Count; i++)
        {
            crowd[i] = i switch
            {
                < 4 => crowd[i] with { KeyedGroup = ulong.MaxValue - (ulong)i },
                < 12 => crowd[i] with { MinimumPingUs = i },
                < 16 => crowd[i] with { LastTransaction = 1000 + i },
                < 24 => crowd[i] with { RelaysTransactions = false, HasServices = true, LastBlock = 1000 + i },
                < 28 => crowd[i] with { LastBlock = 2000 + i },
                < 30 => crowd[i] with { IsProtected = true },
                _ => crowd[i],
            } with { ConnectedAt = 1_000_000 - i }; // the useful ones are the youngest
        }

        var left = crowd.ToList();
        while (EvictionChoice.Choose(left) is { } id)
        {
            Assert.True(id >= 30, $"peer {id} had to go");
            left.RemoveAll(peer => peer.Id == id);
        }
    }

    [Fact]
    public void Who_misbehaved_goes_first()
    {
        var crowd = Crowd(100).Select(peer => peer with { PrefersEviction = peer.Id is 90 or 95 });
        Assert.Equal(95, EvictionChoice.Choose(crowd));
    }

    [Fact]
    public void A_quarter_is_kept_for_rare_networks()
    {
        var crowd = Crowd(40).Select(peer => peer with
        {
            Network = peer.Id switch { > 37 => NetworkKind.I2p, > 25 => NetworkKind.Onion, _ => NetworkKind.Ipv4 },
        }).ToList();
        EvictionChoice.ProtectHalf(crowd);
        Assert.Equal(20, crowd.Count);
        Assert.DoesNotContain(crowd, peer => peer.Network == NetworkKind.I2p);
        Assert.Equal(12 - 8, crowd.Count(peer => peer.Network == NetworkKind.Onion));
    }

    // The higher the number, the later it came.
    private static IEnumerable<EvictionCandidate> Crowd(int size) => Enumerable.Range(0, size).Select(i => new EvictionCandidate
    {
        Id = i,
        ConnectedAt = i,
        KeyedGroup = (ulong)i,
        MinimumPingUs = 100_000 + i,
        RelaysTransactions = true,
        Network = NetworkKind.Ipv4,
    });
}
