using System.Threading.Channels;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Gives the memory of large wallets, and of long answers, back to the machine soon after they were let go: the runtime by itself
/// waits until memory is short, and until then a wallet that is loaded again and again takes its size several times.
/// </summary>
internal sealed class UnloadedMemory(WalletDirectory wallets, TimeProvider time)
{
    // Some MiB; smaller ones are not worth a collection.
    private const int LargeWallet = 20_000;
    private const long LargeAnswers = 16 << 20;

    // Whoever unloaded it still holds on to it for a moment; and of several in a row the last one counts.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>A wallet was unloaded. Any thread.</summary>
    public void Unloaded(Wallet wallet)
    {
        if (SizeOf(wallet) >= LargeWallet)
        {
            _due.Writer.TryWrite(true);
        }
    }

    /// <summary>So many bytes were let go. Any thread.</summary>
    public void Forgot(long bytes)
    {
        if (bytes >= LargeAnswers)
        {
            _due.Writer.TryWrite(true);
        }
    }

    /// <summary>Collects when there is something to collect, until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await _due.Reader.ReadAsync(ct).ConfigureAwait(false);
            await Task.Delay(Moment, time, ct).ConfigureAwait(false);
            if (wallets.All.Sum(SizeOf) < LargeWallet)
            {
                // What is left is small: all threads wait some milliseconds, and everything goes back.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
            else
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
        }
    }

    private static int SizeOf(Wallet wallet) => wallet.Snapshot.Scripts.Count + wallet.Snapshot.Coins.Count;
}
