using Dash.Common.Time;
using Dash.Node.Net.Sporks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Net.Sporks;

public class SporkTests
{
    private const int InstantSend = 10001;

    // The key of regtest's spork address, which dashd's own tests use.
    private const string RegtestKey = "cP4EKFyJsHT39LDqgdcB43Y3YXjNyjb5Fuas1GQSeAtjnZWmZEQK";

    [Fact]
    public void A_signed_value_is_recognised_by_its_signer_and_by_nobody_elses()
    {
        Assert.True(Wif.TryDecode(RegtestKey, ChainParams.Regtest.Prefixes.Wif, out var key));
        using (key)
        {
            var message = SporkMessage.Sign(InstantSend, 0, 1_700_000_000, key, ChainParams.Regtest);
            SpanReader reader = new(message.ToBytes());
            var read = SporkMessage.Read(ref reader);
            Assert.Equal(key.PublicKey.Id, read.Signer(ChainParams.Regtest));
            Assert.NotEqual(key.PublicKey.Id, (read with { Value = 1 }).Signer(ChainParams.Regtest));
            Assert.NotEqual(key.PublicKey.Id, read.Signer(ChainParams.Test));
        }
    }

    [Fact]
    public void The_newest_value_of_a_signer_counts_and_survives_a_restart()
    {
        using TempDirectory directory = new();
        Clock clock = new();
        clock.SetMockTime(1_700_000_000);
        using var key = PrivateKey.Generate();
        var network = ChainParams.Regtest;
        SporkTable sporks = new(network, new HashSet<Primitives.Hashing.Hash160> { key.PublicKey.Id }, 1, clock);
        Assert.Equal(SporkDefinition.Off, sporks.ValueOf(InstantSend));
        var first = sporks.Sign(InstantSend, 0, key);
        Assert.True(sporks.IsActive(InstantSend));
        Assert.Equal("seen", sporks.Add(first!, key.PublicKey.Id));
        var newer = SporkMessage.Sign(InstantSend, 5, clock.UnixSeconds + 1, key, network);
        Assert.Equal("updated", sporks.Add(newer, key.PublicKey.Id));
        Assert.Null(sporks.Find(first!.Hash));

        var path = Path.Combine(directory.Path, "sporks.dat");
        SporkFile.Save(path, network, sporks);
        SporkTable again = new(network, new HashSet<Primitives.Hashing.Hash160> { key.PublicKey.Id }, 1, clock);
        Assert.True(SporkFile.Load(path, network, again));
        Assert.Equal(5, again.ValueOf(InstantSend));
        Assert.False(SporkFile.Load(path, ChainParams.Test, again));
    }

    [Fact]
    public void A_key_that_is_no_spork_key_turns_nothing()
    {
        using var key = PrivateKey.Generate();
        SporkTable sporks = new(ChainParams.Regtest, new HashSet<Primitives.Hashing.Hash160>(), 1, new Clock());
        Assert.Null(sporks.Sign(InstantSend, 0, key));
        Assert.Equal(SporkDefinition.Off, sporks.ValueOf(InstantSend));
    }
}
