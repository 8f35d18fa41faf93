namespace Dash.Node.Consensus;

/// <summary>Sizes and counts every block and transaction keeps to.</summary>
internal static class Limits
{
    /// <summary>Bytes of a block, and of any transaction, before DIP1.</summary>
    public const int LegacyBlockSize = 1_000_000;

    /// <summary>Bytes of a block since DIP1.</summary>
    public const int BlockSizeAfterDip1 = 2_000_000;

    /// <summary>Bytes of a transaction since DIP1 (not more), and of one that is relayed (less).</summary>
    public const int TransactionSizeAfterDip1 = 100_000;

    /// <summary>Bytes of a special transaction's payload.</summary>
    public const int ExtraPayload = 10_000;

    /// <summary>Blocks a coinbase's outputs wait before they can be spent.</summary>
    public const int CoinbaseMaturity = 100;

    /// <summary>Seconds a block's time may be ahead of ours.</summary>
    public const int FutureBlockTime = 2 * 60 * 60;

    /// <summary>Lock times from here on are Unix seconds, below it heights.</summary>
    public const uint LockTimeThreshold = 500_000_000;

    /// <summary>Bytes a block may have.</summary>
    public static int BlockSize(bool isDip1Active) => isDip1Active ? BlockSizeAfterDip1 : LegacyBlockSize;

    /// <summary>Signature operations a block may have: one for each 50 bytes of the size limit.</summary>
    public static int BlockSigOps(bool isDip1Active) => BlockSize(isDip1Active) / 50;
}
