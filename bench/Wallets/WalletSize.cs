using System.Globalization;

namespace Dash.Bench.Wallets;

/// <summary>What a generated wallet is to hold, and on which chain.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Transactions">How many transactions; each uses an address of its own.</param>
/// <param name="Unspent">How many of the outputs they make stay unspent.</param>
/// <param name="PerBlock">Transactions in a block.</param>
internal sealed record WalletSize(string Name, int Transactions, int Unspent, int PerBlock)
{
    /// <summary>Payments out of the wallet: each spends two of its outputs and makes one.</summary>
    public int Sends => (Transactions - Unspent) / 2;

    /// <summary>Payments to the wallet.</summary>
    public int Receives => Transactions - Sends;

    /// <summary>S, M and L; or a number: so many transactions, each with a coin that is still there.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static WalletSize Parse(string text) => text switch
    {
        "S" => new("S", 1_000, 500, 50),
        "M" => new("M", 100_000, 50_000, 500),
        "L" => new("L", 1_000_000, 100_000, 2_000),
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 =>
            new(text, count, count, Math.Clamp(count / 1_000, 1, 1_000)),
        _ => throw new FormatException($"No wallet is called {text}: S, M, L or a number of coins."),
    };
}
