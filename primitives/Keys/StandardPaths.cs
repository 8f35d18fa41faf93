using System.Collections.Immutable;

namespace Dash.Primitives.Keys;

/// <summary>Where wallets that share a seed find each other's keys.</summary>
public static class StandardPaths
{
    /// <summary>DIP9: the feature whose keys mix coins.</summary>
    public const uint CoinJoinFeature = 4;

    /// <summary>DIP9: the feature whose keys are of masternodes (DIP3).</summary>
    public const uint MasternodeFeature = 3;

    private const uint Bip44Purpose = 44;
    private const uint Dip9Purpose = 9;

    /// <summary>BIP44's account: <c>m/44'/coin'/account'</c>.</summary>
    public static ImmutableArray<uint> Account(uint coinType, uint account) =>
        [Harden(Bip44Purpose), Harden(coinType), Harden(account)];

    /// <summary>BIP44's address: <c>m/44'/coin'/account'/change/index</c>.</summary>
    public static ImmutableArray<uint> Address(uint coinType, uint account, bool isChange, uint index) =>
        [.. Account(coinType, account), isChange ? 1u : 0u, index];

    /// <summary>DIP9's feature: <c>m/9'/coin'/feature'</c>.</summary>
    public static ImmutableArray<uint> Feature(uint coinType, uint feature) =>
        [Harden(Dip9Purpose), Harden(coinType), Harden(feature)];

    /// <summary>The keys of mixed coins: <c>m/9'/coin'/4'/account'</c>.</summary>
    public static ImmutableArray<uint> CoinJoinAccount(uint coinType, uint account) =>
        [.. Feature(coinType, CoinJoinFeature), Harden(account)];

    // BIP32: hardened if i >= 2^31.
    private static uint Harden(uint step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, ExtendedPrivateKey.Hardened);
        return step | ExtendedPrivateKey.Hardened;
    }
}
