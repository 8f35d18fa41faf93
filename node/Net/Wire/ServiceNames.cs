using System.Globalization;

namespace Dash.Node.Net.Wire;

/// <summary>Services as results show them.</summary>
internal static class ServiceNames
{
    /// <summary>The name of each bit that is set, the lowest first.</summary>
    public static IReadOnlyList<string> Of(ServiceFlags services)
    {
        List<string> names = [];
        for (var bit = 0; bit < 64; bit++)
        {
            var flag = (ServiceFlags)(1UL << bit);
            if (services.HasFlag(flag))
            {
                names.Add(NameOf(flag, bit));
            }
        }

        return names;
    }

    /// <summary>All bits as 16 hex digits.</summary>
    public static string ToHex(ServiceFlags services) => ((ulong)services).ToString("x16", CultureInfo.InvariantCulture);

    private static string NameOf(ServiceFlags flag, int bit) => flag switch
    {
        ServiceFlags.Network => "NETWORK",
        ServiceFlags.Bloom => "BLOOM",
        ServiceFlags.CompactFilters => "COMPACT_FILTERS",
        ServiceFlags.NetworkLimited => "NETWORK_LIMITED",
        ServiceFlags.HeadersCompressed => "HEADERS_COMPRESSED",
        ServiceFlags.P2pV2 => "P2P_V2",
        _ => string.Create(CultureInfo.InvariantCulture, $"UNKNOWN[2^{bit}]"),
    };
}
