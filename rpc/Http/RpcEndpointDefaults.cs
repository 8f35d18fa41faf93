namespace Dash.Rpc.Http;

/// <summary>What a daemon's server does when no option says otherwise.</summary>
/// <param name="Port">Port of the network.</param>
/// <param name="CookieFile">Name of the cookie file in the network's folder. Two daemons on one folder need two names.</param>
public sealed record RpcEndpointDefaults(int Port, string CookieFile)
{
    /// <summary>Those of a node, and of Dash Core.</summary>
    public static RpcEndpointDefaults Node(string chain) => new(RpcPorts.Default(chain), HttpOptions.CookieFile.Fallback);
}
