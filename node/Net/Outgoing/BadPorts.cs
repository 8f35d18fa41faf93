namespace Dash.Node.Net.Outgoing;

/// <summary>Ports at which other services live: whoever spreads such an address may want us to attack somebody.</summary>
internal static class BadPorts
{
    private const ushort LastPrivileged = 1023;

    private static readonly HashSet<ushort> Known =
    [
        1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 8332, 8333, 10080, 18332, 18333,
    ];

    /// <summary>Whether a port is one of them.</summary>
    public static bool Contains(ushort port) => port is > 0 and <= LastPrivileged || Known.Contains(port);
}
