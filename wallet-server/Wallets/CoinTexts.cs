using System.Collections.Concurrent;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>What a list says about a coin's script and that never changes, as UTF-8.</summary>
/// <param name="Address">Its address; null where it has none.</param>
/// <param name="Descriptor">Its descriptor; null where it cannot be spent with what is known.</param>
/// <param name="RedeemScript">The script behind a script hash, where known.</param>
internal sealed record CoinText(byte[]? Address, byte[]? Descriptor, Script? RedeemScript);

/// <summary>
/// Texts about scripts of coins, kept because working one out takes as long as writing dozens. Any thread.
/// </summary>
internal sealed class CoinTexts
{
    // About 300 bytes each.
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<Script, CoinText> _known = [];

    // A thread that helps has so many to do, in pieces.
    private const int WorthAThread = 500;
    private const int Piece = 50;

    // Asking the dictionary takes all its locks.
    private int _count;

    /// <summary>How many are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Works out what is not known of many scripts, on all cores where there are enough of them: a key of each is derived, which is
    /// nearly all of the time the first list of a wallet takes.
    /// </summary>
    public async Task PrepareAsync(WalletSnapshot snapshot, IEnumerable<Script> scripts, CancellationToken ct)
    {
        Script[] missing = [.. scripts.Where(script => !_known.ContainsKey(script)).Take(Most)];
        var helpers = Math.Min(missing.Length / WorthAThread, Environment.ProcessorCount) - 1;
        if (helpers < 1)
        {
            return;
        }

        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, helpers + 1).Select(_ => WorkThread.RunAsync("cointexts", Work)));
        ct.ThrowIfCancellationRequested();

        void Work()
        {
            while (!ct.IsCancellationRequested && Interlocked.Add(ref next, Piece) - Piece is var from && from < missing.Length)
            {
                foreach (var script in missing.AsSpan(from, Math.Min(Piece, missing.Length - from)))
                {
                    ThreadTurns.Rest();
                    Of(snapshot, script);
                }
            }
        }
    }

    /// <summary>What is said about a script of the wallet.</summary>
    public CoinText Of(WalletSnapshot snapshot, Script script)
    {
        if (_known.TryGetValue(script, out var known))
        {
            return known;
        }

        var details = AddressDetails.Of(snapshot, script);
        var text = new CoinText(
            details.Address is { } address ? Encoding.ASCII.GetBytes(address) : null,
            details.Descriptor is { } descriptor ? Encoding.ASCII.GetBytes(descriptor) : null,
            details.RedeemScript);

        // Only what is the wallet's own stays as it is.
        if (details.IsMine && Volatile.Read(ref _count) < Most && _known.TryAdd(script, text))
        {
            Interlocked.Increment(ref _count);
        }

        return text;
    }

    /// <summary>Descriptors came or changed: what was said may be another now.</summary>
    public void Clear()
    {
        _known.Clear();
        Volatile.Write(ref _count, 0);
    }
}
