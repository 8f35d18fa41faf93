namespace Dash.WalletServer.Ledger;

/// <summary>
/// What is wanted of CoinJoin, for all wallets of the daemon; users change it while it runs. Any thread.
/// </summary>
internal sealed class CoinJoinGoals(int rounds = CoinJoinGoals.UsualRounds, int amount = CoinJoinGoals.UsualAmount)
{
    /// <summary>Rounds unless somebody says otherwise.</summary>
    public const int UsualRounds = 4;

    /// <summary>The least number of rounds.</summary>
    public const int FewestRounds = 2;

    /// <summary>The greatest number of rounds.</summary>
    public const int MostRounds = 16;

    /// <summary>Amount unless somebody says otherwise, whole DASH.</summary>
    public const int UsualAmount = 1000;

    /// <summary>The least amount, whole DASH.</summary>
    public const int SmallestAmount = 2;

    /// <summary>The greatest amount, whole DASH.</summary>
    public const int LargestAmount = 21_000_000;

    private int _rounds = rounds;
    private int _amount = amount;

    /// <summary>How often a coin is to be mixed.</summary>
    public int Rounds
    {
        get => Volatile.Read(ref _rounds);
        set => Volatile.Write(ref _rounds, value);
    }

    /// <summary>How much is to be mixed, whole DASH.</summary>
    public int Amount
    {
        get => Volatile.Read(ref _amount);
        set => Volatile.Write(ref _amount, value);
    }
}
