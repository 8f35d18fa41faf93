using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Texts about scripts that pay a key's hash, as nearly all do. Their descriptors differ in index, key and checksum only, so the one that
/// was worked out first tells how the others of its keychain begin, and nothing is derived or parsed for those. Any thread.
/// </summary>
internal sealed class KeyHashTexts
{
    private const int HashAt = 3;
    private const int LongestBeginning = 256;

    private readonly ConcurrentDictionary<int, string> _beginnings = [];

    /// <summary>Notes how descriptors of a script's keychain begin.</summary>
    /// <param name="snapshot">The wallet.</param>
    /// <param name="script">The script.</param>
    /// <param name="key">The public key that is stored for it.</param>
    /// <param name="text">What was worked out.</param>
    public void Learn(WalletSnapshot snapshot, Script script, PublicKey key, CoinText text)
    {
        if (text.Descriptor is not { } bytes || !IsOf(script, key) || !snapshot.Scripts.TryFind(script.Span, out var place)
            || !snapshot.Scripts.OthersOf(script.Span).IsEmpty || snapshot.Keychains[place.Keychain].Descriptor.Kind != DescriptorKind.Pkh)
        {
            return;
        }

        var descriptor = Encoding.ASCII.GetString(bytes);
        var end = string.Create(CultureInfo.InvariantCulture, $"/{place.Index}]{key})");
        var at = descriptor.Length - DescriptorChecksum.Length - 1 - end.Length;
        if (at is > 0 and < LongestBeginning && descriptor.AsSpan(at, end.Length).SequenceEqual(end))
        {
            _beginnings.TryAdd(place.Keychain, descriptor[..(at + 1)]);
        }
    }

    /// <summary>Makes the text about a script.</summary>
    /// <returns>False if it is not known how.</returns>
    public bool TryMake(WalletSnapshot snapshot, Script script, PublicKey key, [NotNullWhen(true)] out CoinText? text)
    {
        text = null;
        if (!snapshot.Scripts.TryFind(script.Span, out var place) || !_beginnings.TryGetValue(place.Keychain, out var beginning) || !IsOf(script, key)
            || !snapshot.Scripts.OthersOf(script.Span).IsEmpty)
        {
            return false;
        }

        Span<char> descriptor = stackalloc char[LongestBeginning + 160];
        if (!descriptor.TryWrite(CultureInfo.InvariantCulture, $"{beginning}{place.Index}]{key})", out var length)
            || DescriptorChecksum.Compute(descriptor[..length]) is not { } checksum)
        {
            return false;
        }

        descriptor[length++] = '#';
        checksum.CopyTo(descriptor[length..]);
        length += checksum.Length;
        var bytes = new byte[length];
        Encoding.ASCII.GetBytes(descriptor[..length], bytes);
        var address = AddressCodec.Encode(new Destination.PubKeyHash(new Hash160(script.Span.Slice(HashAt, Hash160.Size))), snapshot.Chain.Prefixes);
        text = new CoinText(Encoding.ASCII.GetBytes(address), bytes, null);
        return true;
    }

    /// <summary>Descriptors came or changed.</summary>
    public void Clear() => _beginnings.Clear();

    // What is stored is not believed.
    private static bool IsOf(Script script, PublicKey key) =>
        key.IsCompressed && ScriptTemplates.IsPayToPubKeyHash(script.Span) && key.Id == new Hash160(script.Span.Slice(HashAt, Hash160.Size));
}
