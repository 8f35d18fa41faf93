namespace Dash.WalletServer.Wallets;

/// <summary>A part of the chain that was looked at again for a wallet: what it had of it before is told once more to who asked for that.</summary>
/// <param name="FirstHeight">The first block.</param>
/// <param name="LastHeight">The last one; below the first where it was the mempool.</param>
/// <param name="FirstLine">Number of the first line of the event log since it began: what has a line is told by that.</param>
/// <param name="LastLine">Number of the last one; below the first where there is none.</param>
internal sealed record LookedAgain(int FirstHeight, int LastHeight, long FirstLine, long LastLine)
{
    /// <summary>It was the mempool.</summary>
    public bool IsMempool => LastHeight < FirstHeight;
}
