namespace Dash.Node.Net.Addresses;

/// <summary>
/// Whether addresses of private IPv4 networks (RFC 1918) count as routable in this process: what an address is worth is asked
/// wherever there is one, also where it came from a file or a peer. Decided once, before there are peers, and never taken back.
/// </summary>
internal static class PrivateNetworks
{
    private static int _areRoutable;

    /// <summary>Whether they count. Any thread.</summary>
    public static bool AreRoutable => Volatile.Read(ref _areRoutable) != 0;

    /// <summary>They count from now on.</summary>
    public static void MakeRoutable() => Volatile.Write(ref _areRoutable, 1);
}
