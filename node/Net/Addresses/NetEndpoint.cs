using System.Globalization;
using System.Net;

namespace Dash.Node.Net.Addresses;

/// <summary>An address and a port: what a peer is reached at.</summary>
internal readonly record struct NetEndpoint(NetAddress Address, ushort Port) : IComparable<NetEndpoint>
{
    /// <summary>No address, port 0.</summary>
    public static NetEndpoint None => new(NetAddress.None, 0);

    /// <summary>Of an address of the system.</summary>
    public static NetEndpoint From(IPEndPoint endpoint) => new(NetAddress.From(endpoint.Address), (ushort)endpoint.Port);

    /// <summary>Reads "address", "address:port" or "[address]:port". Never asks a name server.</summary>
    public static bool TryParse(string text, ushort defaultPort, out NetEndpoint endpoint)
    {
        endpoint = None;
        if (text.Length == 0)
        {
            return false;
        }

        var (host, port) = HostPort.Split(text, defaultPort);
        if (!NetAddress.TryParse(host, out var address))
        {
            return false;
        }

        endpoint = new NetEndpoint(address, port);
        return true;
    }

    /// <summary>As an address of the system; null for networks it does not know.</summary>
    public IPEndPoint? ToIPEndPoint() => Address.ToIPAddress() is { } ip ? new IPEndPoint(ip, Port) : null;

    /// <summary>Identifies it: the address's key and the port, most significant byte first.</summary>
    public byte[] ToKey() => [.. Address.ToKey(), (byte)(Port >> 8), (byte)Port];

    /// <summary>The same taken for CJDNS, if the prefix is.</summary>
    public NetEndpoint AsCjdns() => this with { Address = Address.AsCjdns() };

    /// <summary>By address, then by port.</summary>
    public int CompareTo(NetEndpoint other)
    {
        var byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : Port.CompareTo(other.Port);
    }

    /// <summary>As people write it: in brackets what has colons.</summary>
    public override string ToString()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        return Address.Family is NetworkKind.Ipv6 or NetworkKind.Cjdns ? $"[{Address}]:{port}" : $"{Address}:{port}";
    }
}
