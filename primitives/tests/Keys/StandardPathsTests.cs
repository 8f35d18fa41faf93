using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Keys;

public sealed class StandardPathsTests
{
    // What other wallets show for these words.
    [Theory]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about", "XoJA8qE3N2Y3jMLEtZ3vcN42qseZ8LvFf5")]
    [InlineData("all all all all all all all all all all all all", "XdTw4G5AWW4cogGd7ayybyBNDbuB45UpgH")]
    public void The_first_address_of_a_mnemonic_is_the_one_other_wallets_have(string mnemonic, string expected)
    {
        using var seed = Mnemonic.ToSeed(mnemonic, "");
        using var master = ExtendedPrivateKey.FromSeed(seed);

        using var key = master.Derive(StandardPaths.Address(5, 0, isChange: false, 0).AsSpan());

        Assert.Equal(
            expected,
            AddressCodec.Encode(new Destination.PubKeyHash(key.Key.PublicKey.Id), ChainParams.Main.Prefixes));
    }

    [Fact]
    public void Paths_have_their_steps()
    {
        Assert.Equal("/44'/5'/3'/1/7", KeyPath.Format(StandardPaths.Address(5, 3, isChange: true, 7).AsSpan()));
        Assert.Equal("/9'/1'/4'/0'", KeyPath.Format(StandardPaths.CoinJoinAccount(1, 0).AsSpan()));
        Assert.Equal("/9'/5'/3'", KeyPath.Format(StandardPaths.Feature(5, StandardPaths.MasternodeFeature).AsSpan()));
        Assert.Throws<ArgumentOutOfRangeException>(() => StandardPaths.Account(5, 1u << 31));
    }
}
