using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Addresses;

/// <summary>An address of a host in one of the networks peers use, without a port. Immutable.</summary>
internal sealed class NetAddress : IEquatable<NetAddress>, IComparable<NetAddress>
{
    /// <summary>Bytes of the oldest form, an IPv6 address.</summary>
    public const int LegacySize = 16;

    private const int InternalSize = 10;

    /// <summary>The IPv6 address <c>::</c>, which stands for no address.</summary>
    public static readonly NetAddress None = new(NetworkKind.Ipv6, new byte[LegacySize]);

    private readonly byte[] _bytes;
    private readonly uint _scope;

    private NetAddress(NetworkKind family, byte[] bytes, uint scope = 0)
    {
        Family = family;
        _bytes = bytes;
        _scope = scope;
    }

    /// <summary>The kind of address; never <see cref="NetworkKind.Unroutable"/>.</summary>
    public NetworkKind Family { get; }

    /// <summary>The address: 4, 16, 32, 32, 16 or 10 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The network through which it can be reached.</summary>
    public NetworkKind Network =>
        Family == NetworkKind.Internal ? NetworkKind.Internal : IsRoutable ? Family : NetworkKind.Unroutable;

    /// <summary>As <see cref="Network"/>, but IPv6 addresses that tunnel IPv4 count as that.</summary>
    public NetworkKind Class =>
        Family == NetworkKind.Internal ? NetworkKind.Internal
        : !IsRoutable ? NetworkKind.Unroutable
        : LinkedIpv4 is not null ? NetworkKind.Ipv4
        : Family;

    /// <summary>Whether it can be written in the form that only knows IPv6.</summary>
    public bool IsLegacy => Family is NetworkKind.Ipv4 or NetworkKind.Ipv6 or NetworkKind.Internal;

    /// <summary>Whether it is of this machine: 127.0.0.0/8, 0.0.0.0/8 and ::1.</summary>
    public bool IsLocal =>
        (Family == NetworkKind.Ipv4 && _bytes[0] is 127 or 0)
        || (Family == NetworkKind.Ipv6 && _bytes[15] == 1 && !_bytes.AsSpan(0, 15).ContainsAnyExcept((byte)0));

    /// <summary>Whether a host can have it, though perhaps not everybody can reach it.</summary>
    public bool IsValid => Family switch
    {
        NetworkKind.Internal => false,
        NetworkKind.Cjdns => HasCjdnsPrefix,
        NetworkKind.Ipv4 => BinaryPrimitives.ReadUInt32BigEndian(_bytes) is not (0 or uint.MaxValue),
        NetworkKind.Ipv6 => _bytes.AsSpan().ContainsAnyExcept((byte)0) && !StartsWith(0x20, 0x01, 0x0d, 0xb8), // documentation
        _ => true,
    };

    /// <summary>Whether everybody in its network can reach it.</summary>
    public bool IsRoutable => IsValid && (!IsPrivate || PrivateNetworks.AreRoutable) && !IsReserved && !IsLocal;

    /// <summary>Whether it is one of RFC 1918's networks.</summary>
    public bool IsPrivate =>
        Family == NetworkKind.Ipv4
        && (_bytes[0] == 10 || (_bytes[0] == 192 && _bytes[1] == 168) || (_bytes[0] == 172 && _bytes[1] is >= 16 and <= 31));

    /// <summary>Whether the first byte is the one of CJDNS.</summary>
    public bool HasCjdnsPrefix => _bytes[0] == 0xfc && _bytes.Length == LegacySize;

    /// <summary>Whether a broker of tunnels (2001:470::/32) hands it out.</summary>
    public bool IsHurricane => Family == NetworkKind.Ipv6 && StartsWith(0x20, 0x01, 0x04, 0x70);

    /// <summary>Whether it is Teredo's, RFC 4380.</summary>
    public bool IsTeredo => Family == NetworkKind.Ipv6 && StartsWith(0x20, 0x01, 0, 0);

    /// <summary>Whether it goes through 6to4 or a translator of addresses.</summary>
    public bool IsTunnel => Family == NetworkKind.Ipv6 && (Is6To4 || IsTranslated);

    /// <summary>The IPv4 address behind a routable address, or null.</summary>
    public uint? LinkedIpv4
    {
        get
        {
            if (!IsRoutable || Family is not (NetworkKind.Ipv4 or NetworkKind.Ipv6))
            {
                return null;
            }

            return Family == NetworkKind.Ipv4 ? BinaryPrimitives.ReadUInt32BigEndian(_bytes)
                : IsTranslated ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(12))
                : Is6To4 ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(2))
                : IsTeredo ? ~BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(12))
                : null;
        }
    }

    private bool Is6To4 => StartsWith(0x20, 0x02); // RFC 3964

    // RFC 6052 and RFC 6145
    private bool IsTranslated =>
        StartsWith(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0) || StartsWith(0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0);

    private bool IsReserved => Family switch
    {
        NetworkKind.Ipv4 =>
            (_bytes[0] == 198 && _bytes[1] is 18 or 19) // RFC 2544, benchmarks
            || StartsWith(169, 254) // RFC 3927, link-local
            || (_bytes[0] == 100 && _bytes[1] is >= 64 and <= 127) // RFC 6598, providers
            || StartsWith(192, 0, 2) || StartsWith(198, 51, 100) || StartsWith(203, 0, 113), // RFC 5737, documentation
        NetworkKind.Ipv6 =>
            StartsWith(0xfe, 0x80, 0, 0, 0, 0, 0, 0) // RFC 4862, link-local
            || (_bytes[0] & 0xfe) == 0xfc // RFC 4193, unique local
            || (StartsWith(0x20, 0x01, 0x00) && (_bytes[3] & 0xf0) is 0x10 or 0x20), // RFC 4843 and 7343, ORCHID
        _ => false,
    };

    /// <summary>Value equality; the scope of a link-local address does not count.</summary>
    public static bool operator ==(NetAddress? left, NetAddress? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Value inequality.</summary>
    public static bool operator !=(NetAddress? left, NetAddress? right) => !(left == right);

    /// <summary>Of an address of the system.</summary>
    public static NetAddress From(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return new NetAddress(NetworkKind.Ipv4, address.GetAddressBytes());
        }

        return FromLegacy(address.GetAddressBytes(), (uint)address.ScopeId);
    }

    /// <summary>Of the 16 bytes of the oldest form; what stood for an onion address of version 2 is no address.</summary>
    public static NetAddress FromLegacy(ReadOnlySpan<byte> bytes, uint scope = 0)
    {
        if (bytes.StartsWith(AddressPrefix.Ipv4))
        {
            return new NetAddress(NetworkKind.Ipv4, bytes[12..].ToArray());
        }

        if (bytes.StartsWith(AddressPrefix.OnionV2))
        {
            return None;
        }

        return bytes.StartsWith(AddressPrefix.Internal)
            ? new NetAddress(NetworkKind.Internal, bytes[6..].ToArray())
            : new NetAddress(NetworkKind.Ipv6, bytes.ToArray(), scope);
    }

    /// <summary>Of the bytes of a network other than IPv6; the length is the caller's to have checked.</summary>
    public static NetAddress Of(NetworkKind family, ReadOnlySpan<byte> bytes) => new(family, bytes.ToArray());

    /// <summary>The stand-in for a name, as the source of addresses that it gave.</summary>
    public static NetAddress Named(string name) =>
        new(NetworkKind.Internal, Hashes.Sha256(System.Text.Encoding.UTF8.GetBytes(name)).ToArray()[..InternalSize]);

    /// <summary>Reads an address as text: dotted, with colons (also in brackets), .onion or .b32.i2p. Never asks a name server.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetAddress? address)
    {
        address = null;
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        if (text[0] == '[' && text[^1] == ']')
        {
            text = text[1..^1];
        }

        if (SpecialAddressText.TryParse(text, out address))
        {
            return true;
        }

        if (text.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var ip))
        {
            return false;
        }

        address = From(ip);
        return address.Family != NetworkKind.Internal;
    }

    /// <summary>As an address of the system; null for networks it does not know.</summary>
    public IPAddress? ToIPAddress() => Family switch
    {
        NetworkKind.Ipv4 => new IPAddress(_bytes),
        NetworkKind.Ipv6 or NetworkKind.Cjdns => new IPAddress(_bytes, _scope),
        _ => null,
    };

    /// <summary>The same bytes taken for CJDNS, if the prefix is; else itself.</summary>
    public NetAddress AsCjdns() => Family == NetworkKind.Ipv6 && HasCjdnsPrefix ? new NetAddress(NetworkKind.Cjdns, _bytes) : this;

    /// <summary>Identifies the address: 16 bytes for what has that form, else the bytes themselves.</summary>
    public byte[] ToKey()
    {
        if (!IsLegacy)
        {
            return [.. _bytes];
        }

        var key = new byte[LegacySize];
        WriteLegacy(key);
        return key;
    }

    /// <summary>Writes the 16 bytes of the oldest form: zeros for an address that has none.</summary>
    public void WriteLegacy(Span<byte> destination)
    {
        destination[..LegacySize].Clear();
        var prefix = Family switch
        {
            NetworkKind.Ipv4 => AddressPrefix.Ipv4,
            NetworkKind.Internal => AddressPrefix.Internal,
            _ => default,
        };
        if (IsLegacy)
        {
            prefix.CopyTo(destination);
            _bytes.CopyTo(destination[prefix.Length..]);
        }
    }

    /// <inheritdoc/>
    public bool Equals(NetAddress? other) =>
        other is not null && Family == other.Family && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetAddress);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Family);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>By network, then by bytes.</summary>
    public int CompareTo(NetAddress? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byFamily = Family.CompareTo(other.Family);
        return byFamily != 0 ? byFamily : _bytes.AsSpan().SequenceCompareTo(other._bytes);
    }

    /// <summary>As people write it, without a port.</summary>
    public override string ToString() => Family switch
    {
        NetworkKind.Ipv4 => string.Join('.', _bytes),
        NetworkKind.Ipv6 => Ipv6Text.Format(_bytes, _scope),
        NetworkKind.Cjdns => Ipv6Text.Format(_bytes, 0),
        NetworkKind.Onion => SpecialAddressText.FormatOnion(_bytes),
        NetworkKind.I2p => Base32.Encode(_bytes) + SpecialAddressText.I2pSuffix,
        _ => Base32.Encode(_bytes) + ".internal",
    };

    private bool StartsWith(params ReadOnlySpan<byte> prefix) => _bytes.AsSpan().StartsWith(prefix);
}
