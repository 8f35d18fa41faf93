using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Evo;

/// <summary>Where a masternode listens: an address of some network and a port. Immutable.</summary>
public sealed class ServiceAddress : IEquatable<ServiceAddress>
{
    private const int IPv4Size = 4;
    private const int IPv6Size = 16;
    private const int KeySize = 32;
    private const int MaxSize = 512;
    private const string Base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly byte[] InternalPrefix = [0xfd, 0x6b, 0x88, 0xc0, 0x87, 0x24];
    private static readonly byte[] TorV2Prefix = [0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43];
    private static readonly byte[] IPv4Prefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    private readonly byte[] _address;

    private ServiceAddress(ServiceNetwork network, byte[] address, ushort port)
    {
        Network = network;
        _address = address;
        Port = port;
    }

    /// <summary>What the address is of.</summary>
    public ServiceNetwork Network { get; }

    /// <summary>The address, as many bytes as its network has.</summary>
    public ReadOnlySpan<byte> Address => _address;

    /// <summary>The port, 0 where the network has none.</summary>
    public ushort Port { get; }

    /// <summary>Whether other hosts could reach it, for all one can tell from the address.</summary>
    /// <param name="allowPrivate">Whether addresses of private IPv4 networks count.</param>
    public bool IsRoutable(bool allowPrivate = false)
    {
        ReadOnlySpan<byte> a = _address;
        return Network switch
        {
            ServiceNetwork.IPv4 =>
                (allowPrivate || !(a[0] == 10 || a is [192, 168, ..] || (a[0] == 172 && a[1] is >= 16 and <= 31))) // RFC1918
                && !(a[0] == 198 && a[1] is 18 or 19) // RFC2544
                && !(a is [169, 254, ..]) // RFC3927
                && !(a[0] == 100 && a[1] is >= 64 and <= 127) // RFC6598
                && !(a is [192, 0, 2, _] or [198, 51, 100, _] or [203, 0, 113, _]) // RFC5737
                && a[0] is not (127 or 0),
            ServiceNetwork.IPv6 =>
                !(a is [0xfe, 0x80, 0, 0, 0, 0, 0, 0, ..]) // RFC4862
                && (a[0] & 0xfe) != 0xfc // RFC4193
                && !(a is [0x20, 0x01, 0, ..] && (a[3] & 0xf0) is 0x10 or 0x20) // RFC4843, RFC7343
                && !(a[15] == 1 && !a[..15].ContainsAnyExcept((byte)0)),
            _ => true,
        };
    }

    /// <summary>An IPv4 or IPv6 address with its port; false for one that names no host.</summary>
    public static bool TryCreate(IPAddress address, ushort port, [NotNullWhen(true)] out ServiceAddress? service)
    {
        ArgumentNullException.ThrowIfNull(address);
        return TryCreate(address.MapToIPv6().GetAddressBytes(), port, out service);
    }

    /// <summary>An address of a network with its port; false for one that names no host.</summary>
    public static bool TryCreate(
        ServiceNetwork network, ReadOnlySpan<byte> address, ushort port, [NotNullWhen(true)] out ServiceAddress? service)
    {
        service = address.Length == SizeOf((byte)network) && NamesHost(network, address)
            ? new ServiceAddress(network, address.ToArray(), port)
            : null;
        return service is not null;
    }

    /// <summary>An address of Tor or I2P by its name; null if it is none.</summary>
    internal static ServiceAddress? OfOverlayName(string name, ushort port)
    {
        const string Onion = ".onion";
        const string I2p = ".b32.i2p";
        if (name.EndsWith(Onion, StringComparison.Ordinal))
        {
            // The key, two bytes of a checksum that must be right, and the version.
            var service = Unbase32(name[..^Onion.Length]) is { Length: KeySize + 3 } bytes
                ? new ServiceAddress(ServiceNetwork.TorV3, bytes[..KeySize], port)
                : null;
            return string.Equals(service?.OnionText(), name, StringComparison.OrdinalIgnoreCase) ? service : null;
        }

        return name.EndsWith(I2p, StringComparison.OrdinalIgnoreCase) && Unbase32(name[..^I2p.Length]) is { Length: KeySize } key
            ? new ServiceAddress(ServiceNetwork.I2p, key, port)
            : null;
    }

    /// <summary>
    /// Reads 16 bytes of IPv6 (or of IPv4 mapped into it) and a big-endian port; null when the address names no host.
    /// </summary>
    internal static ServiceAddress? ReadLegacy(ref SpanReader reader)
    {
        var address = reader.ReadBytes(IPv6Size);
        return TryCreate(address, reader.ReadUInt16BigEndian(), out var service) ? service : null;
    }

    /// <summary>Writes the form of <see cref="ReadLegacy"/>; zeros for null.</summary>
    internal static void WriteLegacy(ByteWriter writer, ServiceAddress? service)
    {
        if (service is null || service._address.Length is not (IPv4Size or IPv6Size))
        {
            writer.WriteBytes(stackalloc byte[IPv6Size]);
            writer.WriteUInt16BigEndian(service?.Port ?? 0);
            return;
        }

        writer.WriteBytes(service.Network == ServiceNetwork.IPv4 ? IPv4Prefix : []);
        writer.WriteBytes(service._address);
        writer.WriteUInt16BigEndian(service.Port);
    }

    /// <summary>Reads BIP155's form and a big-endian port; null when the address names no host.</summary>
    internal static ServiceAddress? ReadExtended(ref SpanReader reader)
    {
        var network = reader.ReadByte();
        var length = reader.ReadCompactSize();
        var size = SizeOf(network);
        if (length > MaxSize || (size != 0 && size != length))
        {
            throw new EncodingException("Address too long or of the wrong length");
        }

        var address = reader.ReadBytes(length);
        var port = reader.ReadUInt16BigEndian();
        return size != 0 && TryCreate((ServiceNetwork)network, address, port, out var service) ? service : null;
    }

    /// <summary>Writes the form of <see cref="ReadExtended"/>.</summary>
    internal void WriteExtended(ByteWriter writer)
    {
        writer.WriteByte((byte)Network);
        writer.WriteVarBytes(_address);
        writer.WriteUInt16BigEndian(Port);
    }

    /// <summary>The address without the port, as Core writes it.</summary>
    public string ToAddressString() => Network switch
    {
        ServiceNetwork.TorV3 => OnionText(),
        ServiceNetwork.I2p => Base32(_address) + ".b32.i2p",
        _ => new IPAddress(_address).ToString(),
    };

    /// <summary>Address and port, as Core writes them.</summary>
    public override string ToString()
    {
        var address = ToAddressString();
        var port = Port.ToString(CultureInfo.InvariantCulture);
        return Network is ServiceNetwork.IPv6 or ServiceNetwork.Cjdns ? $"[{address}]:{port}" : $"{address}:{port}";
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] ServiceAddress? other) =>
        other is not null && Network == other.Network && Port == other.Port && _address.AsSpan().SequenceEqual(other._address);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as ServiceAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Network, Port, BitConverter.ToInt32(_address));

    private static bool TryCreate(
        ReadOnlySpan<byte> mapped, ushort port, [NotNullWhen(true)] out ServiceAddress? service) =>
        mapped.StartsWith(IPv4Prefix)
            ? TryCreate(ServiceNetwork.IPv4, mapped[IPv4Prefix.Length..], port, out service)
            : TryCreate(ServiceNetwork.IPv6, mapped, port, out service);

    // Core: CNetAddr::IsValid; forms of other networks inside IPv6 are not for the wire.
    private static bool NamesHost(ServiceNetwork network, ReadOnlySpan<byte> address) => network switch
    {
        ServiceNetwork.IPv4 => address is not ([0, 0, 0, 0] or [0xff, 0xff, 0xff, 0xff]),
        ServiceNetwork.IPv6 => address.ContainsAnyExcept((byte)0)
            && address is not [0x20, 0x01, 0x0d, 0xb8, ..]
            && !address.StartsWith(InternalPrefix)
            && !address.StartsWith(TorV2Prefix)
            && !address.StartsWith(IPv4Prefix),
        ServiceNetwork.Cjdns => address[0] == 0xfc,
        _ => true,
    };

    private static int SizeOf(byte network) => (ServiceNetwork)network switch
    {
        ServiceNetwork.IPv4 => IPv4Size,
        ServiceNetwork.IPv6 or ServiceNetwork.Cjdns => IPv6Size,
        ServiceNetwork.TorV3 or ServiceNetwork.I2p => KeySize,
        _ => 0,
    };

    // Tor's rend-spec-v3: key, two bytes of a checksum, version 3.
    private string OnionText()
    {
        Span<byte> digest = stackalloc byte[KeySize];
        SHA3_256.HashData([.. ".onion checksum"u8, .. _address, 3], digest);
        return Base32([.. _address, digest[0], digest[1], 3]) + ".onion";
    }

    // Bits beyond the last byte must be zero, and less than a letter.
    private static byte[]? Unbase32(string text)
    {
        var bytes = new byte[text.Length * 5 / 8];
        for (var i = 0; i < text.Length; i++)
        {
            var value = Base32Alphabet.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal);
            for (var bit = i * 5; bit < (i * 5) + 5; bit++)
            {
                var isSet = ((value >> (4 - (bit % 5))) & 1) != 0;
                if (value < 0 || (bit / 8 == bytes.Length && isSet))
                {
                    return null;
                }

                if (isSet)
                {
                    bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
                }
            }
        }

        return (text.Length * 5 % 8) < 5 ? bytes : null;
    }

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var value = 0;
            for (var bit = i * 5; bit < (i * 5) + 5; bit++)
            {
                value = (value << 1) | (bit / 8 < bytes.Length ? (bytes[bit / 8] >> (7 - (bit % 8))) & 1 : 0);
            }

            text[i] = Base32Alphabet[value];
        }

        return new string(text);
    }
}
