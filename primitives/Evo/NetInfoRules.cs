namespace Dash.Primitives.Evo;

/// <summary>What a network asks of its masternodes' addresses.</summary>
/// <param name="IsMainnet">Whether it is mainnet, where the port is fixed.</param>
/// <param name="MainnetPort">Mainnet's port, which other networks must not use.</param>
/// <param name="RequireRoutable">Whether others must be able to reach them.</param>
/// <param name="DefaultPort">The network's port, for an address that is given as a text without one.</param>
public readonly record struct NetInfoRules(bool IsMainnet, ushort MainnetPort, bool RequireRoutable, ushort DefaultPort)
{
    /// <summary>Whether others are taken to reach addresses of private IPv4 networks.</summary>
    public bool AllowsPrivate { get; init; }

    // Core: IsBadPort, ports of other services beyond the privileged ones.
    private static readonly ushort[] BadPorts =
    [
        1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 8332, 8333,
        10080, 18332, 18333,
    ];

    /// <summary>Whether a port belongs to another kind of service.</summary>
    internal static bool IsBadPort(ushort port) => port is > 0 and < 1024 || BadPorts.AsSpan().Contains(port);
}
