using System.Collections.Concurrent;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>What a list says about a coin's script and that never changes, as UTF-8.</summary>
/// <param name="Address">Its address; null where it has none.</param>
/// <param name="Descriptor">Its descriptor; null where it cannot be spent with what is known.</param>
/// <param name="RedeemScript">The script behind a script hash, where known.</param>
internal sealed record CoinText(byte[]? Address, byte[]? Descriptor, Script? RedeemScript);

/// <summary>Finds the public keys that are stored for indexes of a keychain, in ascending order; null for each that has none.</summary>
internal delegate PublicKey?[] StoredKeys(Uint256 keychain, ReadOnlySpan<int> indexes);

/// <summary>
/// Texts about scripts of coins, kept because working one out takes as long as writing dozens. Any thread.
/// </summary>
internal sealed class CoinTexts
{
    // About 300 bytes each.
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<Script, CoinText> _known = [];
    private readonly KeyHashTexts _keyHashes = new();

    // A thread has so many to do, in pieces.
    private const int WorthAThread = 500;
    private const int Piece = 50;

    // Asking the dictionary takes all its locks.
    private int _count;

    /// <summary>How many are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Works out what is not known of many scripts, on all cores where there are enough of them: that is most of the time the first
    /// list of a wallet takes.
    /// </summary>
    /// <param name="snapshot">The wallet.</param>
    /// <param name="scripts">Scripts of its coins.</param>
    /// <param name="storedKeys">Finds the public keys that are stored for indexes of a keychain: deriving one takes longer than all else.</param>
    /// <param name="ct">Ends it.</param>
    public async Task PrepareAsync(WalletSnapshot snapshot, IEnumerable<Script> scripts, StoredKeys storedKeys, CancellationToken ct)
    {
        Script[] unknown = [.. scripts.Where(script => !_known.ContainsKey(script)).Take(Most)];
        if (unknown.Length < WorthAThread)
        {
            return;
        }

        var missing = WithKeys(snapshot, unknown, storedKeys);
        var threads = Math.Min(missing.Length / WorthAThread, Environment.ProcessorCount);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => WorkThread.RunAsync("cointexts", Work)));
        ct.ThrowIfCancellationRequested();

        void Work()
        {
            while (!ct.IsCancellationRequested && Interlocked.Add(ref next, Piece) - Piece is var from && from < missing.Length)
            {
                foreach (var (script, key) in missing.AsSpan(from, Math.Min(Piece, missing.Length - from)))
                {
                    ThreadTurns.Rest();
                    Of(snapshot, script, key);
                }
            }
        }
    }

    /// <summary>What is said about a script of the wallet.</summary>
    /// <param name="snapshot">The wallet.</param>
    /// <param name="script">The script.</param>
    /// <param name="stored">The public key that is stored for it, if it is known.</param>
    public CoinText Of(WalletSnapshot snapshot, Script script, PublicKey? stored = null)
    {
        if (_known.TryGetValue(script, out var known))
        {
            return known;
        }

        var isMine = true;
        if (stored is null || !_keyHashes.TryMake(snapshot, script, stored, out var text))
        {
            var details = AddressDetails.Of(snapshot, script, stored);
            text = new CoinText(
                details.Address is { } address ? Encoding.ASCII.GetBytes(address) : null,
                details.Descriptor is { } descriptor ? Encoding.ASCII.GetBytes(descriptor) : null,
                details.RedeemScript);
            isMine = details.IsMine;
            if (stored is not null)
            {
                _keyHashes.Learn(snapshot, script, stored, text);
            }
        }

        // Only what is the wallet's own stays as it is.
        if (isMine && Volatile.Read(ref _count) < Most && _known.TryAdd(script, text))
        {
            Interlocked.Increment(ref _count);
        }

        return text;
    }

    /// <summary>Descriptors came or changed: what was said may be another now.</summary>
    public void Clear()
    {
        _known.Clear();
        _keyHashes.Clear();
        Volatile.Write(ref _count, 0);
    }

    private static (Script Script, PublicKey? Key)[] WithKeys(WalletSnapshot snapshot, Script[] scripts, StoredKeys storedKeys)
    {
        var result = new (Script Script, PublicKey? Key)[scripts.Length];
        var done = 0;
        foreach (var chain in scripts
            .Select(script => (Script: script, Place: snapshot.Scripts.TryFind(script.Span, out var place) ? place : new ScriptPlace(-1, 0)))
            .GroupBy(static wanted => wanted.Place.Keychain))
        {
            var wanted = chain.OrderBy(static one => one.Place.Index).ToArray();
            var keys = chain.Key >= 0 && chain.Key < snapshot.Keychains.Length
                ? storedKeys(snapshot.Keychains[chain.Key].Id, Array.ConvertAll(wanted, static one => one.Place.Index))
                : new PublicKey?[wanted.Length];
            for (var i = 0; i < wanted.Length; i++)
            {
                result[done++] = (wanted[i].Script, keys[i]);
            }
        }

        return result;
    }
}
