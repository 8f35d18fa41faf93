using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dash.Common.Options;

namespace Dash.Rpc.Http;

/// <summary>Whose connections are served: this machine, and the networks of <c>-rpcallowip</c>.</summary>
public sealed class AllowedNetworks
{
    private readonly List<(byte[] Prefix, int Length)> _networks =
    [
        ([127, 0, 0, 0], 8),
        (IPAddress.IPv6Loopback.GetAddressBytes(), 128),
    ];

    /// <summary>Reads the option's values.</summary>
    /// <exception cref="OptionException">One of them is no network.</exception>
    public AllowedNetworks(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            _networks.Add(Parse(text) ?? throw new OptionException(
                $"Invalid -rpcallowip subnet specification: {text}. Valid are a single IP (e.g. 1.2.3.4), a network/netmask " +
                "(e.g. 1.2.3.4/255.255.255.0) or a network/CIDR (e.g. 1.2.3.4/24).\n" +
                "Error: Unable to start HTTP server. See debug log for details."));
        }
    }

    /// <summary>True if a client of this address is served.</summary>
    public bool Contains(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return true;
        }

        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return _networks.Exists(network => HasPrefix(bytes, network.Prefix, network.Length));
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Join(' ', _networks.Select(network => $"{new IPAddress(network.Prefix)}/{network.Length}"));

    private static (byte[] Prefix, int Length)? Parse(string text)
    {
        var parts = text.Split('/', 2);
        if (!IPAddress.TryParse(parts[0], out var address))
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        var bits = bytes.Length * 8;
        if (parts.Length == 1)
        {
            return (bytes, bits);
        }

        if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return length <= bits ? (Masked(bytes, length), length) : null;
        }

        return IPAddress.TryParse(parts[1], out var mask) && mask.AddressFamily == address.AddressFamily &&
            LengthOf(mask.GetAddressBytes()) is { } ones
                ? (Masked(bytes, ones), ones)
                : null;
    }

    /// <summary>Number of leading ones; null if ones follow a zero.</summary>
    private static int? LengthOf(byte[] mask)
    {
        var length = 0;
        while (length < mask.Length * 8 && Bit(mask, length))
        {
            length++;
        }

        for (var i = length; i < mask.Length * 8; i++)
        {
            if (Bit(mask, i))
            {
                return null;
            }
        }

        return length;
    }

    private static byte[] Masked(byte[] bytes, int length)
    {
        var masked = new byte[bytes.Length];
        for (var i = 0; i < length; i++)
        {
            masked[i / 8] |= (byte)(bytes[i / 8] & (0x80 >> (i % 8)));
        }

        return masked;
    }

    private static bool HasPrefix(byte[] bytes, byte[] prefix, int length) =>
        bytes.Length == prefix.Length && Masked(bytes, length).AsSpan().SequenceEqual(prefix);

    private static bool Bit(byte[] bytes, int index) => (bytes[index / 8] & (0x80 >> (index % 8))) != 0;
}
