using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Slows guessing down: after some wrong passphrases in a row each further try waits until so much time is over since the last wrong
/// one, twice as long each time, one try at a time; a right one ends that. Nobody's thread waits. Any thread.
/// </summary>
internal sealed class PassphraseTries(TimeProvider time) : IDisposable
{
    private const int Free = 20; // more than people mistype, and than test suites try on purpose
    private const int MostWaiting = 2; // more would take the places of other calls

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private int _wrong;
    private long _lastWrong;
    private int _waiting;

    /// <summary>Tries one; the derivation runs on a thread of the pool.</summary>
    /// <returns>Null or false when it does not fit.</returns>
    /// <exception cref="WalletException">Too many are being tried.</exception>
    public async Task<T> TryAsync<T>(Func<T> open, CancellationToken ct)
    {
        if (Volatile.Read(ref _wrong) < Free)
        {
            return Count(await Task.Run(open, ct).ConfigureAwait(false));
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                throw new WalletException(WalletError.Wallet, "Error: Too many wrong passphrases have been tried. Try again later.");
            }

            await _turn.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                if (Volatile.Read(ref _wrong) is >= Free and var wrong)
                {
                    var wait = Shortest * Math.Pow(2, Math.Min(wrong - Free, 10));
                    var left = (wait < Longest ? wait : Longest) - time.GetElapsedTime(Volatile.Read(ref _lastWrong));
                    if (left > TimeSpan.Zero)
                    {
                        await Task.Delay(left, time, ct).ConfigureAwait(false);
                    }
                }

                return Count(await Task.Run(open, ct).ConfigureAwait(false));
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private T Count<T>(T opened)
    {
        if (opened is null or false)
        {
            Volatile.Write(ref _lastWrong, time.GetTimestamp());
            Interlocked.Increment(ref _wrong);
        }
        else
        {
            Interlocked.Exchange(ref _wrong, 0);
        }

        return opened;
    }
}
