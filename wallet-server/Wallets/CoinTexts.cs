using System.Collections.Concurrent;
using System.Text;
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

    // Asking the dictionary takes all its locks.
    private int _count;

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
