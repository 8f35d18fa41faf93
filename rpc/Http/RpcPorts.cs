using System.Globalization;
using Dash.Common.Hosting;
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

    /// <summary>Refuses values of an option that are no ports.</summary>
    /// <exception cref="StartupException">One is none.</exception>
    public static void Require(Options options, Option option)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(option);
        foreach (var text in options.Values(option))
        {
            if (!ushort.TryParse(text, CultureInfo.InvariantCulture, out var port) || port == 0)
            {
                throw new StartupException($"Invalid port specified in -{option.Name}: '{text}'");
            }
        }
    }
}
