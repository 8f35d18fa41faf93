using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// Payments from elsewhere that are so small that they serve whoever sent them: to link addresses by spending them together, or to
/// fill a wallet. Where the user asks for it they are set aside as they come. Pure.
/// </summary>
internal static class Quarantine
{
    /// <summary>Is a coin of this kind? It came from others, was not mined, and is below the limit.</summary>
    /// <param name="coin">The coin.</param>
    /// <param name="below">The limit; zero is off.</param>
    public static bool Concerns(Coin coin, Amount below) => coin.Value < below && !coin.FromMe && !coin.IsCoinBase;

    /// <summary>Such coins that are set aside.</summary>
    public static IEnumerable<Coin> Of(WalletSnapshot snapshot) =>
        from outPoint in snapshot.LockedCoins.Keys
        let coin = snapshot.Coins.Find(outPoint)
        where coin is not null && Concerns(coin, snapshot.Settings.QuarantineBelow)
        select coin;
}
