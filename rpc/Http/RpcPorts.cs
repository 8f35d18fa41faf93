using Dash.Common.Options;

namespace Dash.Rpc.Http;

/// <summary>Where a daemon listens, and <c>dash-cli</c> looks, when no port is given.</summary>
public static class RpcPorts
{
    /// <summary>The default port of a network (a name of <see cref="ChainNames"/>).</summary>
    public static int Default(string chain) => chain switch
    {
        ChainNames.Test => 19998,
        ChainNames.Devnet => 19798,
        ChainNames.Regtest => 19898,
        _ => 9998,
    };
}
