namespace Dash.Node.Net.Wire;

/// <summary>What peers have to offer for this node to look for them.</summary>
internal static class DesirableServices
{
    /// <summary>All blocks; once the chain is there the newest do.</summary>
    public static bool AreDesirable(this ServiceFlags services, bool isInitialDownload) =>
        services.HasFlag(ServiceFlags.Network) || (services.HasFlag(ServiceFlags.NetworkLimited) && !isInitialDownload);
}
