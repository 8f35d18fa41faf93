using System.Runtime.InteropServices;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Lets wallets rest that nobody uses: each keeps pages of its file that it has read, some MiB, which of a thousand wallets is more than
/// a machine may have. Who comes back reads them again, which takes a millisecond.
/// </summary>
internal sealed partial class QuietWallets(WalletDirectory wallets, TimeProvider time)
{
    // Quiet for one to two of these. What a wallet was loaded with goes too.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Looks after them until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var isToGoBack = false;
        while (true)
        {
            await Task.Delay(Pause, time, ct).ConfigureAwait(false);
            var isAnyTired = false;
            foreach (var wallet in wallets.All)
            {
                isAnyTired |= wallet.Rest();
            }

            if (isAnyTired)
            {
                isToGoBack = true;
            }
            else if (isToGoBack)
            {
                // Of many that were loaded or used one after the other all are at rest now.
                isToGoBack = false;
                GiveBack();
            }
        }
    }

    // What SQLite lets go of stays with the C library otherwise, in pieces between what is still used.
    private static void GiveBack()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = Trim(0);
            }
            catch (EntryPointNotFoundException)
            {
                // Another C library, which gives it back by itself or never.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
