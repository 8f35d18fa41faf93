using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Addresses;

/// <summary>Addresses as people write them: base58 of a prefix, 20 bytes and a checksum.</summary>
public static class AddressCodec
{
    /// <summary>The address of a destination; empty for <see cref="Destination.None"/>.</summary>
    public static string Encode(Destination destination, AddressPrefixes prefixes)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        return destination switch
        {
            Destination.PubKeyHash keyHash => Encode(prefixes.PubKeyHash, keyHash.KeyId),
            Destination.ScriptHash scriptHash => Encode(prefixes.ScriptHash, scriptHash.ScriptId),
            _ => "",
        };
    }

    /// <summary>Reads an address of the network. The error is Core's text, empty on success.</summary>
    public static bool TryDecode(
        string text, AddressPrefixes prefixes, [NotNullWhen(true)] out Destination? destination, out string error)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        destination = null;
        if (!Base58Check.TryDecode(text, 21, out var payload))
        {
            error = "Invalid address format";
            return false;
        }

        if (payload.Length == 1 + Hash160.Size)
        {
            var hash = new Hash160(payload.AsSpan(1));
            if (payload[0] == prefixes.PubKeyHash)
            {
                destination = new Destination.PubKeyHash(hash);
            }
            else if (payload[0] == prefixes.ScriptHash)
            {
                destination = new Destination.ScriptHash(hash);
            }
        }

        error = destination is null ? "Invalid prefix for Base58-encoded address" : "";
        return destination is not null;
    }

    private static string Encode(byte prefix, Hash160 hash)
    {
        Span<byte> payload = stackalloc byte[1 + Hash160.Size];
        payload[0] = prefix;
        hash.CopyTo(payload[1..]);
        return Base58Check.Encode(payload);
    }
}
