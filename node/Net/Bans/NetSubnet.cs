using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Bans;

/// <summary>
/// A range of addresses: of IPv4 and IPv6 those that share their first bits, of other networks a single one. Immutable.
/// </summary>
internal sealed class NetSubnet : IEquatable<NetSubnet>, IComparable<NetSubnet>
{
    private readonly NetAddress _network;
    private readonly int _bits;

    private NetSubnet(NetAddress network, int bits)
    {
        _network = network;
        _bits = bits;
    }

    private bool IsRange => _network.Family is NetworkKind.Ipv4 or NetworkKind.Ipv6;

    /// <summary>A single address; null for what nobody can have.</summary>
    public static NetSubnet? Of(NetAddress address) =>
        address.Family == NetworkKind.Internal ? null : new NetSubnet(address, address.Bytes.Length * 8);

    /// <summary>Reads "address", "address/bits" or "address/mask".</summary>
    /// <param name="text">The text.</param>
    /// <param name="takesCjdns">Whether fc00::/8 is CJDNS here.</param>
    /// <param name="subnet">The range.</param>
    public static bool TryParse(string text, bool takesCjdns, [NotNullWhen(true)] out NetSubnet? subnet)
    {
        subnet = null;
        var slash = text.LastIndexOf('/');
        if (!NetAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        address = takesCjdns ? address.AsCjdns() : address;
        subnet = slash < 0 ? Of(address) : Of(address, text[(slash + 1)..]);
        return subnet is not null;
    }

    /// <summary>Whether an address is in it.</summary>
    public bool Contains(NetAddress address)
    {
        if (!address.IsValid || address.Family != _network.Family)
        {
            return false;
        }

        return IsRange ? Mask(address.Bytes, _bits).AsSpan().SequenceEqual(_network.Bytes) : address == _network;
    }

    /// <inheritdoc/>
    public bool Equals(NetSubnet? other) => other is not null && _bits == other._bits && _network == other._network;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetSubnet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_network, _bits);

    /// <summary>By address, then the larger range first.</summary>
    public int CompareTo(NetSubnet? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byNetwork = _network.CompareTo(other._network);
        return byNetwork != 0 ? byNetwork : _bits.CompareTo(other._bits);
    }

    /// <summary>"address/bits"; a single address of other networks is only that.</summary>
    public override string ToString() =>
        IsRange ? _network + "/" + _bits.ToString(CultureInfo.InvariantCulture) : _network.ToString();

    private static NetSubnet? Of(NetAddress address, string mask)
    {
        if (address.Family is not (NetworkKind.Ipv4 or NetworkKind.Ipv6))
        {
            return null;
        }

        var all = address.Bytes.Length * 8;
        if (!byte.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return NetAddress.TryParse(mask, out var full) && full.Family == address.Family && BitsOf(full.Bytes) is { } bits
                ? Masked(address, bits)
                : null;
        }

        return length <= all ? Masked(address, length) : null;
    }

    private static NetSubnet Masked(NetAddress address, int bits)
    {
        var bytes = Mask(address.Bytes, bits);
        return new NetSubnet(NetAddress.Of(address.Family, bytes), bits);
    }

    private static byte[] Mask(ReadOnlySpan<byte> bytes, int bits)
    {
        var masked = bytes.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            var kept = Math.Clamp(bits - (8 * i), 0, 8);
            masked[i] &= (byte)(0xff << (8 - kept));
        }

        return masked;
    }

    // The leading ones; null if ones follow after a zero.
    private static int? BitsOf(ReadOnlySpan<byte> mask)
    {
        var bits = 0;
        foreach (var part in mask)
        {
            bits += BitOperations.LeadingZeroCount((uint)(byte)~part) - 24;
            if (part != 0xff)
            {
                break;
            }
        }

        var full = new byte[mask.Length];
        full.AsSpan().Fill(0xff);
        return mask.SequenceEqual(Mask(full, bits)) ? bits : null;
    }
}
